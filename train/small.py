"""The whole pipeline in small, from an empty folder to an exported model, in minutes on a CPU.

    python3 train/small.py OUT [--steps 60]

The corpus is this repository's own files, so the model is worth nothing; that every part fits the next is what it
shows. Needs `npm ci` (p50k's ranks) and train/requirements.txt.
"""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch

from sotto_train.checkpoint import load_model
from sotto_train.evaluate import EvaluateConfig, evaluate
from sotto_train.export import export
from sotto_train.export_gguf import export_gguf
from sotto_train.make_vocabulary import make_vocabulary
from sotto_train.make_windows import WindowConfig, make_windows
from sotto_train.pieces import join, split
from sotto_train.shards import SourceFile, write_shard
from sotto_train.tokenizer import Tokenizer
from sotto_train.train import TrainConfig, train

REPOSITORY = Path(__file__).parents[1]
LANGUAGES = {".ts": "typescript", ".py": "python"}
HELD_OUT = ("src/prompt", "src/engine", "test/prompt", "test/engine", "train/tests")


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the whole pipeline in small.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=60)
    args = parser.parse_args()
    torch.set_num_threads(1)
    run_pipeline(args.out, args.steps)


def run_pipeline(out: Path, steps: int) -> None:
    """`out` becomes corpus, vocabulary, windows, run, model (the exported folder), model.gguf and pieces."""
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    with stage("corpus"):
        write_corpus(out / "corpus")
    with stage("vocabulary"):
        print(make_vocabulary(out / "corpus/train", out / "vocabulary", size=2048))
    with stage("windows"):
        config = WindowConfig(window=256)
        print(make_windows(out / "corpus/train", out / "vocabulary", out / "windows", config, epochs=2))
        held_out = replace(config, context=0, left_to_right=0.5)
        make_windows(out / "corpus/valid", out / "vocabulary", out / "windows-valid", held_out)
    with stage("training"):
        run = TrainConfig(
            out=out / "run",
            windows=[out / "windows"],
            valid=out / "windows-valid",
            vocabulary=out / "vocabulary",
            shape="tiny",
            steps=steps,
            batch=16,
            micro_batch=16,
            warmup=10,
            validate_every=steps // 2,
            validate_windows=32,
            compile=False,
            device="cpu",
        )
        train(replace(run, stop_after=0))  # stopped at once, as by the clock
        train(run)
    with stage("export"):
        model = load_model(out / "run/latest.pt")
        export(model, out / "vocabulary", out / "model", "sotto-small", weight_bits=4)
        export_gguf(out / "model", out / "model.gguf", "q4_0")
        split(out / "model", out / "pieces", piece_bytes=100_000)
        join(out / "pieces", out / "joined")
        if (out / "joined/model.safetensors").read_bytes() != (out / "model/model.safetensors").read_bytes():
            raise ValueError("the joined pieces are not what was split")
    with stage("evaluation"):
        few = EvaluateConfig(cases=16, blocks=4, rests=8, line_tokens=24, block_tokens=48, batch=8)
        figures = evaluate(model, Tokenizer.load(out / "model"), out / "corpus/valid", few)
        (out / "evaluation.json").write_text(json.dumps(figures, indent=1) + "\n")
        print(figures["line"]["all"])


@contextmanager
def stage(name: str) -> Iterator[None]:
    print(f"== {name}", flush=True)
    start = time.monotonic()
    yield
    print(f"== {name}: {time.monotonic() - start:.1f} s", flush=True)


def write_corpus(folder: Path) -> None:
    """This repository's own files as a corpus, each folder a 'repository' of its own."""
    files = []
    for top in ("src", "test", "train"):
        for path in sorted((REPOSITORY / top).rglob("*")):
            name = path.relative_to(REPOSITORY).as_posix()
            if path.suffix in LANGUAGES and path.is_file():
                text = path.read_text(encoding="utf-8")
                files.append(SourceFile("/".join(name.split("/")[:2]), name, LANGUAGES[path.suffix], text))
    kept = [file for file in files if file.repo not in HELD_OUT]
    half = next(index for index, file in enumerate(kept) if file.repo.startswith("test/"))
    write_shard(folder / "train/000.jsonl.xz", kept[:half])
    write_shard(folder / "train/001.jsonl.xz", kept[half:])
    write_shard(folder / "valid/000.jsonl.xz", [file for file in files if file.repo in HELD_OUT])


if __name__ == "__main__":
    main()
