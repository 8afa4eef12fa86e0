"""Reference fixtures for the engine's tests: tiny random models and what transformers computes with them.

    python3 train/golden.py [OUT_FOLDER]        (default: test/fixtures)

For each model it writes OUT_FOLDER/NAME/{config.json, model.safetensors, golden.json}.
The models know no language: their weights are noise, scaled so that a mistake
(positions, mask, head order, rotary halves) moves the logits well beyond rounding.
What a real configuration sets so mildly that 40 tokens would not show it (windows,
soft caps, scaled positions, epsilons) is set here so that they do.
"""

import argparse
import dataclasses
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
import transformers
from transformers import (
    CONFIG_MAPPING,
    AutoModelForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
)


@dataclass(frozen=True)
class GoldenConfig:
    """What every fixture shares. The models' own shapes are in `tiny_llama`, `tiny_gpt2` and `FAMILIES`."""

    weight_seed: int = 6  # of seeds 1 to 8 each, the one pair that keeps the margin below
    prompt_seed: int = 7  # in both models and never meets id 0, the end of text
    matrix_std: float = 0.2  # at width 64 gives logits a standard deviation of about 1.6
    vector_std: float = 0.1  # norm weights 1 + 0.1 n, biases 0.1 n: neither may pass for absent
    prompt_length: int = 24
    logits_at: tuple[int, ...] = (0, 7, 15, 23)
    greedy_length: int = 16
    # A correct float32 engine differs by about 1e-5; a closer call could flip a greedy id.
    smallest_margin: float = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference fixtures for the engine's tests.")
    parser.add_argument("out", nargs="?", type=Path, default=Path("test/fixtures"))
    out: Path = parser.parse_args().out

    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)  # the order of summation must not depend on the machine's cores
    config = GoldenConfig()
    write_fixture(out / "tiny-llama", tiny_llama(), config)
    write_fixture(out / "tiny-gpt2", tiny_gpt2(), config)
    for name, (model_type, fields) in FAMILIES.items():
        write_with_margin(out / f"tiny-{name}", partial(tiny, model_type, fields), config)


# Four query heads of 8, two heads of keys and values where a family groups them, a window of 8 in 40 tokens.
SIZES = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "pad_token_id": 0,
}
GPT_SIZES = {"vocab_size": 64, "n_embd": 32, "n_head": 4, "n_layer": 2, "n_positions": 128}
# Waves of 6 to 200 tokens, so that a rule for long waves has some to change within 40.
SHORT_WAVES = {"rope_theta": 100.0}
RMS = {"rms_norm_eps": 1e-3}

GRANITE = {
    "embedding_multiplier": 3.0,
    "attention_multiplier": 0.2,
    "residual_multiplier": 0.6,
    "logits_scaling": 2.0,
}
GRANITE_4 = {
    **GRANITE,
    "num_local_experts": 0,
    "num_experts_per_tok": 0,
    "shared_intermediate_size": 48,
    "layer_types": ["full_attention", "full_attention"],
    "mamba_n_heads": 4,
    "rope_parameters": {"rope_type": "default", **SHORT_WAVES},
}


def scaled(rule: str, **fields: float) -> tuple[str, dict]:
    """A LLaMA whose positions are scaled by `rule`."""
    return "llama", {**RMS, "rope_parameters": {"rope_type": rule, **SHORT_WAVES, **fields}}


FAMILIES: dict[str, tuple[str, dict]] = {
    "llama-linear": scaled("linear", factor=4.0),
    "llama-dynamic": scaled("dynamic", factor=4.0),
    "llama-llama3": scaled(
        "llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32
    ),
    "llama-yarn": scaled("yarn", factor=4.0, original_max_position_embeddings=32),
    "mistral": ("mistral", {**RMS, "sliding_window": 8, "head_dim": 16}),
    "qwen2": (
        "qwen2",
        {**RMS, "use_sliding_window": True, "sliding_window": 8, "max_window_layers": 1, "tie_word_embeddings": True},
    ),
    "qwen3": ("qwen3", {**RMS, "head_dim": 16, "tie_word_embeddings": True}),
    # The two that onnx_exports.py exports. The vocabulary is as wide as no other matrix of LLaMA's: that is how
    # onnxruntime-genai's builder knows the head.
    "gpt2-export": ("gpt2", {**GPT_SIZES, "layer_norm_epsilon": 1e-3}),
    "llama-export": ("llama", {**RMS, "head_dim": 16, "vocab_size": 72}),
    "gpt1": ("openai-gpt", {**GPT_SIZES, "layer_norm_epsilon": 1e-3}),
    "gpt-neo": (
        "gpt_neo",
        {
            "num_layers": 2,
            "num_heads": 4,
            "attention_types": [[["global", "local"], 1]],
            "window_size": 8,
            "layer_norm_epsilon": 1e-3,
        },
    ),
    "gpt-j": ("gptj", {**GPT_SIZES, "rotary_dim": 4, "layer_norm_epsilon": 1e-3}),
    "gpt-neox": (
        "gpt_neox",
        {"layer_norm_eps": 1e-3, "rope_parameters": {**SHORT_WAVES, "partial_rotary_factor": 0.5}},
    ),
    "gpt-neox-serial": (
        "gpt_neox",
        {"use_parallel_residual": False, "hidden_act": "gelu_fast", "layer_norm_eps": 1e-3},
    ),
    "starcoder2": ("starcoder2", {"sliding_window": 8, "norm_epsilon": 1e-3}),
    "gemma": ("gemma", {**RMS, "head_dim": 16}),
    "gemma2": (
        "gemma2",
        {
            **RMS,
            "head_dim": 16,
            "query_pre_attn_scalar": 24,
            "sliding_window": 8,
            "attn_logit_softcapping": 1.5,
            "final_logit_softcapping": 3.0,
        },
    ),
    "gemma3": (
        "gemma3_text",
        {
            **RMS,
            "head_dim": 8,
            "query_pre_attn_scalar": 12,
            "sliding_window": 8,
            "layer_types": ["sliding_attention", "full_attention"],
            "rope_parameters": {
                "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
                "full_attention": {"rope_type": "linear", "rope_theta": 1000.0, "factor": 4.0},
            },
        },
    ),
    "phi": ("phi", {"layer_norm_eps": 1e-3, "rope_parameters": {**SHORT_WAVES, "partial_rotary_factor": 0.5}}),
    "phi3": ("phi3", {**RMS, "sliding_window": 8}),
    "phi3-longrope": (
        "phi3",
        {
            **RMS,
            "tie_word_embeddings": True,
            "original_max_position_embeddings": 64,
            "rope_parameters": {
                "rope_type": "longrope",
                **SHORT_WAVES,
                "partial_rotary_factor": 0.75,
                "short_factor": [1.0, 1.5, 2.5],
                "long_factor": [1.0, 3.0, 9.0],
            },
        },
    ),
    "granite": ("granite", {**RMS, **GRANITE, "tie_word_embeddings": True}),
    "granite-moe-hybrid": ("granitemoehybrid", {**RMS, **GRANITE_4, "position_embedding_type": "rope"}),
    "granite-moe-hybrid-nope": ("granitemoehybrid", {**RMS, **GRANITE_4}),
}


def tiny(model_type: str, fields: dict) -> PreTrainedModel:
    """A small model of a family; what `fields` does not say is as in `SIZES`."""
    config_class = CONFIG_MAPPING[model_type]
    declared = {field.name for field in dataclasses.fields(config_class)}
    sizes = {key: value for key, value in SIZES.items() if key in declared}
    return AutoModelForCausalLM.from_config(config_class(**{**sizes, **fields}), attn_implementation="eager")


def write_with_margin(folder: Path, make: Callable[[], PreTrainedModel], config: GoldenConfig) -> None:
    """Writes a fixture with the first seed of weights that keeps the margin of every greedy step."""
    for seed in itertools.count(1):
        try:
            write_fixture(folder, make(), dataclasses.replace(config, weight_seed=seed))
        except NearTieError:
            continue
        return


class NearTieError(ValueError):
    """Two ids are so close that rounding could swap them."""


def tiny_llama() -> PreTrainedModel:
    """Two query heads to each KV head, and a head of its own, which the starter model lacks."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=96,
            hidden_size=64,
            intermediate_size=96,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=16,
            max_position_embeddings=128,
            rms_norm_eps=1e-5,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
            tie_word_embeddings=False,
            bos_token_id=0,
            eos_token_id=0,
            attn_implementation="eager",
        )
    )


def tiny_gpt2() -> PreTrainedModel:
    """Learned positions, biases, LayerNorm, `gelu_new`, fused QKV stored (in, out); the head is the embedding."""
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=96,
            n_embd=64,
            n_layer=3,
            n_head=4,
            n_positions=128,
            bos_token_id=0,
            eos_token_id=0,
            attn_implementation="eager",
        )
    )


def write_fixture(folder: Path, model: PreTrainedModel, config: GoldenConfig) -> None:
    """Writes the checkpoint and its golden.json into `folder`."""
    randomise(model, config)
    model.eval()
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)  # save_pretrained adds it; no test reads it
    golden = json.dumps(reference(model, config), separators=(",", ":"))
    (folder / "golden.json").write_text(golden + "\n", encoding="utf-8")


@torch.no_grad()
def randomise(model: PreTrainedModel, config: GoldenConfig) -> None:
    """Redraws every parameter in place: transformers' own initialisation leaves attention almost uniform."""
    generator = torch.Generator().manual_seed(config.weight_seed)
    # The std of a product stays what it is at width 64.
    matrix_std = config.matrix_std * (64 / model.config.hidden_size) ** 0.5
    norm_weight = 0 if model.config.model_type.startswith("gemma") else 1  # Gemma adds the 1 itself
    for name, parameter in model.named_parameters():  # a tied head appears once, as the embedding
        noise = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() == 2:
            parameter.copy_(matrix_std * noise)
        elif name.endswith(".bias"):
            parameter.copy_(config.vector_std * noise)
        else:  # the weight of a norm
            parameter.copy_(norm_weight + config.vector_std * noise)


def reference(model: PreTrainedModel, config: GoldenConfig) -> dict[str, object]:
    """What golden.json holds: the prompt's ids, full rows of logits at some positions, the greedy continuation."""
    generator = torch.Generator().manual_seed(config.prompt_seed)
    ids = torch.randint(model.config.vocab_size, (config.prompt_length,), generator=generator).tolist()
    logits = forward(model, ids)  # (T, V)
    return {
        "source": f"torch {torch.__version__}, transformers {transformers.__version__}",
        "ids": ids,
        "logits": {str(at): [round(value, 6) for value in logits[at].tolist()] for at in config.logits_at},
        "greedy": greedy(model, ids, config),
    }


@torch.no_grad()
def forward(model: PreTrainedModel, ids: list[int]) -> torch.Tensor:
    """Logits (T, V) of the whole sequence at once, without a KV cache."""
    return model(torch.tensor([ids]), use_cache=False).logits[0]


def greedy(model: PreTrainedModel, ids: list[int], config: GoldenConfig) -> list[int]:
    """The most likely id, `greedy_length` times, each from a full forward; end of text does not stop it."""
    sequence = list(ids)
    for _ in range(config.greedy_length):
        best = forward(model, sequence)[-1].topk(2)
        margin = float(best.values[0] - best.values[1])
        if margin < config.smallest_margin:
            raise NearTieError(
                f"greedy step {len(sequence) - len(ids)} is a near tie ({margin:.4f}): take another seed"
            )
        sequence.append(int(best.indices[0]))
    return sequence[len(ids) :]


if __name__ == "__main__":
    main()
