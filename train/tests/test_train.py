import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sotto_train.model import Transformer, preset
from sotto_train.run_log import read_log
from sotto_train.tokenizer import Tokenizer
from sotto_train.train import TrainConfig, rate_scale, train
from sotto_train.validation import bits_per_byte
from sotto_train.window_pool import WindowPool
from typescript import TRAIN


@pytest.fixture
def config(windows: Path, vocabulary: Path, tmp_path: Path) -> TrainConfig:
    return TrainConfig(
        out=tmp_path / "whole",
        windows=[windows],
        valid=windows,
        vocabulary=vocabulary,
        shape="tiny",
        steps=12,
        batch=8,
        micro_batch=4,
        warmup=2,
        rounded=0.25,
        log_every=1,
        save_every=100,
        validate_every=6,
        validate_windows=8,
        compile=False,
        device="cpu",
    )


def weights(config: TrainConfig) -> dict[str, torch.Tensor]:
    return torch.load(config.out / "latest.pt", weights_only=True)["model"]


def losses(config: TrainConfig) -> list[float]:
    return [line["loss"] for line in read_log(config.out / "log.jsonl", "step")]


def test_a_stopped_run_goes_on_to_the_same_bits(config: TrainConfig, tmp_path: Path) -> None:
    train(config)
    parts = replace(config, out=tmp_path / "parts")
    train(replace(parts, stop_after=0))  # after one step
    train(replace(parts, stop_after=0))
    assert torch.load(parts.out / "latest.pt", weights_only=True)["step"] == 2
    train(parts)
    assert losses(parts) == losses(config)
    for name, tensor in weights(config).items():
        assert torch.equal(tensor, weights(parts)[name]), name
    assert losses(config)[-1] < losses(config)[0]


def test_two_processes_train_as_one(config: TrainConfig, tmp_path: Path) -> None:
    config = replace(config, steps=4)
    train(config)
    two = replace(config, out=tmp_path / "two")
    options = [f"--{name.replace('_', '-')}={getattr(two, name)}" for name in (
        "out", "vocabulary", "valid", "shape", "steps", "batch", "micro_batch", "warmup", "rounded", "log_every",
        "save_every", "validate_every", "validate_windows", "device",
    )]  # fmt: skip
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command = [*torchrun, "-m", "sotto_train.train", "--windows", config.windows[0], *options]
    subprocess.run(command, check=True, cwd=TRAIN, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert losses(two) == pytest.approx(losses(config), abs=2e-4)
    for name, tensor in weights(config).items():
        # As a whole, and loosely: AdamW's first steps are signs, and Newton-Schulz lifts directions that a gradient
        # hardly has, so the rounding of a sum shows. A process too many or an average forgotten is an error of 0.1.
        assert (tensor - weights(two)[name]).norm() < 1e-2 * tensor.norm(), name


def test_micro_batches_do_not_change_the_step(config: TrainConfig, tmp_path: Path) -> None:
    config = replace(config, steps=3)
    train(config)
    large = replace(config, out=tmp_path / "large", micro_batch=8, chunks=2)
    train(large)
    assert losses(large) == pytest.approx(losses(config), abs=2e-4)


def test_rates_rise_hold_and_fall_to_zero(config: TrainConfig) -> None:
    config = replace(config, steps=100, warmup=10, decay=0.4)
    assert [round(rate_scale(step, config), 3) for step in (0, 9, 30, 60, 80, 99, 100)] == [0.1, 1, 1, 1, 0.5, 0.025, 0]


def test_a_model_that_knows_nothing_has_the_bits_of_its_vocabulary(windows: Path, vocabulary: Path) -> None:
    lengths = Tokenizer.load(vocabulary).byte_lengths()
    model = Transformer(preset("tiny"))
    torch.nn.init.zeros_(model.model.embed_tokens.weight)  # so every id is as likely
    pool = WindowPool([windows / "epoch-0"])
    count = 2048  # one window of 64 tokens in eighty has room for a block
    figures = bits_per_byte(model, pool, lengths, count, batch=32)
    rows = pool.rows(np.arange(count) * len(pool) // count)
    counts = (rows.labels[:, :1] == 0) & (rows.roles.numpy() == 1) & (lengths[rows.targets.numpy()] > 0)
    bytes_a_token = lengths[rows.targets.numpy()][counts].mean()
    assert figures["text"] == pytest.approx(11 / bytes_a_token, abs=1e-3)
    assert {"text/typescript", "middle/line", "middle/block", "middle/span"} <= set(figures)


def test_a_run_with_frozen_layers_keeps_them_and_goes_on_to_the_same_bits(config: TrainConfig, tmp_path: Path) -> None:
    frozen = replace(config, frozen=1, matrices_by="adamw", matrix_lr=0.001, steps=4)
    train(frozen)
    parts = replace(frozen, out=tmp_path / "parts")
    train(replace(parts, stop_after=0))
    first = weights(parts)
    train(parts)
    for name, tensor in weights(frozen).items():
        assert torch.equal(tensor, weights(parts)[name]), name
        is_kept = "layers.0." in name
        assert torch.equal(tensor, first[name]) == is_kept, name
