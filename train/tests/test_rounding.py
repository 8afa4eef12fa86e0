from pathlib import Path

import numpy as np
import torch

from sotto_train.model import ModelConfig, Transformer
from sotto_train.rounding import STEPS_PER_SEARCH, RoundedWeights, round_frozen, round_to_int4
from typescript import run_typescript

CONFIG = ModelConfig(vocab_size=64, layers=1, width=32, heads=2, kv_heads=1, feed_forward=64, context=16)


def test_weights_are_rounded_as_the_extension_rounds_them(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(257, 96, generator=generator) * torch.rand(257, 1, generator=generator)
    weight[3, :32] = 0  # a block of zeros
    weight[4, :32] = 0.25  # all alike
    weight[5, :64] = torch.tensor([1.0, -1.0]).repeat(32)  # the largest magnitude twice
    weight[6] = torch.randint(-8, 8, (96,), generator=generator) * 0.125  # halves between levels
    stored = weight.half().float()
    stored.numpy().tofile(tmp_path / "matrix")
    run_typescript("int4", tmp_path / "matrix", 96, tmp_path / "rounded")
    theirs = np.fromfile(tmp_path / "rounded", dtype=np.float32).reshape(257, 96)
    np.testing.assert_array_equal(round_to_int4(weight).numpy(), theirs)


def test_gradients_are_those_at_the_rounded_weights_and_the_exact_ones_come_back() -> None:
    model = Transformer(CONFIG)
    model.initialise(0)
    torch.nn.init.normal_(model.model.layers[0].mlp.down_proj.weight)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    ids = torch.arange(16)[None]
    with RoundedWeights(model):
        weight = model.model.layers[0].mlp.down_proj.weight
        assert not torch.equal(weight, before["model.layers.0.mlp.down_proj.weight"])
        torch.testing.assert_close(round_to_int4(weight.detach()), weight.detach(), rtol=0.2, atol=0.2)
        model(ids, ids.roll(-1, 1)).mean().backward()
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_the_head_is_rounded_and_the_lookup_is_not() -> None:
    model = Transformer(CONFIG)
    model.initialise(0)
    table = model.model.embed_tokens.weight
    x = torch.eye(32)
    with RoundedWeights(model), torch.no_grad():
        torch.testing.assert_close(model.head(x), round_to_int4(table).T)
        assert torch.equal(model.model.embed_tokens(torch.tensor([5]))[0], table[5])


def test_frozen_layers_are_rounded_once_and_rounding_again_changes_nothing() -> None:
    model = Transformer(ModelConfig(**{**vars(CONFIG), "layers": 2}))
    model.initialise(0)
    model.freeze(1)
    before = model.model.layers[0].mlp.up_proj.weight.clone()
    round_frozen(model)
    weight = model.model.layers[0].mlp.up_proj.weight
    assert torch.equal(weight, round_to_int4(before))
    torch.testing.assert_close(round_to_int4(weight), weight, rtol=1e-3, atol=1e-6)
    with RoundedWeights(model):
        assert torch.equal(model.model.layers[0].mlp.up_proj.weight, weight)


def test_scales_are_searched_seldom_and_levels_chosen_each_time() -> None:
    model = Transformer(CONFIG)
    model.initialise(0)
    rounded = RoundedWeights(model, rounds_head=False)
    weight = rounded.weights[0]
    exact = weight.detach().clone()
    with rounded:
        assert torch.equal(weight, round_to_int4(exact))
        assert model.rounded_head is None
    with torch.no_grad():
        weight *= 0.5
    for use in range(1, STEPS_PER_SEARCH + 1):
        with rounded:
            has_searched = torch.equal(weight, round_to_int4(exact * 0.5))
            assert not torch.equal(weight, exact * 0.5)
        assert has_searched == (use == STEPS_PER_SEARCH)
