import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen3Config, Qwen3ForCausalLM

from sotto_train.export import hugging_face_config
from sotto_train.generate import continue_greedily
from sotto_train.model import PRESETS, ModelConfig, Transformer

CONFIG = ModelConfig(vocab_size=97, layers=3, width=64, heads=4, kv_heads=2, feed_forward=96, context=64)
QK_NORM = ModelConfig(**{**vars(CONFIG), "qk_norm": True})


def noisy(config: ModelConfig) -> Transformer:
    """Every weight drawn, norms too, so that none may pass for absent."""
    model = Transformer(config)
    generator = torch.Generator().manual_seed(1)
    for parameter in model.parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.data = 0.2 * noise if parameter.dim() == 2 else 1 + 0.1 * noise
    return model


def random_ids(*shape: int) -> torch.Tensor:
    return torch.randint(97, shape, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize(
    ("config", "their_config", "their_model"),
    [(CONFIG, LlamaConfig, LlamaForCausalLM), (QK_NORM, Qwen3Config, Qwen3ForCausalLM)],
    ids=["llama", "qwen3"],
)
def test_logits_are_those_of_transformers(config, their_config, their_model) -> None:
    ours = noisy(config)
    theirs = their_model(their_config(**hugging_face_config(config)))
    theirs.load_state_dict({**ours.state_dict(), "lm_head.weight": ours.model.embed_tokens.weight})
    ids = random_ids(2, 50)
    with torch.no_grad():
        torch.testing.assert_close(ours.logits(ids), theirs(ids).logits, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("config", [CONFIG, QK_NORM], ids=["llama", "qwen3"])
def test_greedy_with_a_cache_is_greedy_without(config: ModelConfig) -> None:
    model = noisy(config)
    prompts = [random_ids(length).tolist() for length in (3, 17, 9)]
    for prompt, answer in zip(prompts, continue_greedily(model, prompts, 12), strict=True):
        for at, id_ in enumerate(answer):
            with torch.no_grad():
                logits = model.logits(torch.tensor([prompt + answer[:at]]))[0, -1]
            assert logits[id_] >= logits.max() - 1e-4


def test_a_row_ends_where_it_is_done() -> None:
    model = noisy(CONFIG)
    long = continue_greedily(model, [[1, 2, 3]], 10)[0]
    assert continue_greedily(model, [[1, 2, 3]], 10, lambda row, ids: len(ids) == 4)[0] == long[:4]


def test_loss_in_chunks_has_the_same_gradients() -> None:
    model = noisy(CONFIG)
    ids = random_ids(4, 20)
    gradients = []
    for chunks in (1, 4):
        model.zero_grad()
        model(ids, ids.roll(-1, 1), chunks).mean().backward()
        gradients.append([parameter.grad.clone() for parameter in model.parameters()])
    torch.testing.assert_close(*gradients)


def test_presets_have_the_sizes_that_are_stated() -> None:
    with torch.device("meta"):
        sizes = {name: Transformer(config).parameter_count() for name, config in PRESETS.items()}
    assert sizes["6.5m"] == 6_524_160
    assert sizes["46m"] == 42_217_984
    assert sizes["80m"] == 80_302_720


def test_attention_with_gradients_is_that_of_the_fused_kernel() -> None:
    model = noisy(CONFIG)
    ids = random_ids(2, 50)
    with_gradients = model.logits(ids)
    with torch.no_grad():
        torch.testing.assert_close(with_gradients.detach(), model.logits(ids), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("trains_lookup", [True, False])
def test_frozen_layers_have_no_gradients_and_the_others_the_same(trains_lookup: bool) -> None:
    ids = random_ids(2, 20)
    whole, part = noisy(CONFIG), noisy(CONFIG)
    part.freeze(2, trains_lookup)
    for model in (whole, part):
        model(ids, ids.roll(-1, 1)).sum().backward()
    assert all(parameter.grad is None for parameter in part.model.layers[:2].parameters())
    for ours, theirs in zip(part.model.layers[2].parameters(), whole.model.layers[2].parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad)
    table, whole_table = part.model.embed_tokens.weight.grad, whole.model.embed_tokens.weight.grad
    if trains_lookup:
        torch.testing.assert_close(table, whole_table)
    else:  # as the output matrix alone
        assert table.abs().sum() > 0
        assert not torch.allclose(table, whole_table)
