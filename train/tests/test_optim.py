import torch

from sotto_train.model import ModelConfig, Transformer
from sotto_train.optim import Muon, make_optimizers, newton_schulz


def test_newton_schulz_brings_singular_values_near_one() -> None:
    stack = torch.randn(2, 48, 96, generator=torch.Generator().manual_seed(0))
    for matrices in (stack, stack.mT):
        singular = torch.linalg.svdvals(newton_schulz(matrices))
        assert singular.min() > 0.6
        assert singular.max() < 1.3


def test_muon_moves_a_matrix_along_the_orthogonalised_momentum() -> None:
    weight = torch.nn.Parameter(torch.zeros(32, 16))
    weight.grad = torch.randn(32, 16, generator=torch.Generator().manual_seed(0))
    Muon([weight], lr=0.1, momentum=0.9).step()
    expected = -0.1 * 2**0.5 * newton_schulz(weight.grad[None])[0]
    torch.testing.assert_close(weight.detach(), expected, rtol=1e-3, atol=1e-4)


def test_weight_decay_shrinks_by_rate_times_decay() -> None:
    weight = torch.nn.Parameter(torch.ones(16, 16))
    weight.grad = torch.zeros(16, 16)
    Muon([weight], lr=0.1, weight_decay=0.5).step()
    torch.testing.assert_close(weight.detach(), torch.full((16, 16), 0.95))


def test_each_parameter_has_one_optimizer() -> None:
    model = Transformer(ModelConfig(vocab_size=64, layers=2, width=32, heads=2, kv_heads=1, feed_forward=64))
    muon, adam = (o.param_groups[0]["params"] for o in make_optimizers(model, 0.1, 0.1, 0.1))
    assert len(muon) == 2 * 7
    assert {id(p) for p in muon} | {id(p) for p in adam} == {id(p) for p in model.parameters()}
    assert len(muon) + len(adam) == len(list(model.parameters()))


def test_what_is_frozen_has_no_optimizer_and_matrices_may_have_adamw() -> None:
    model = Transformer(ModelConfig(vocab_size=64, layers=2, width=32, heads=2, kv_heads=1, feed_forward=64))
    model.freeze(1)
    first, adam = make_optimizers(model, 0.1, 0.1, 0.1, "adamw")
    assert isinstance(first, torch.optim.AdamW)
    assert len(first.param_groups[0]["params"]) == 7
    assert len(adam.param_groups[0]["params"]) == 2 + 1 + 1  # a layer's norms, the last norm, the table
