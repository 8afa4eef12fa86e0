"""Writes a model as the extension and other people's tools read it.

    python3 -m sotto_train.export RUN/latest.pt VOCABULARY OUT --name sotto-46m [--weight-bits 4]

OUT has: config.json and model.safetensors (float16; `LlamaForCausalLM`, or `Qwen3ForCausalLM` with normalised queries
and keys), tokenizer.json and tokenizer_config.json for transformers, vocab.json and sotto.json for the extension, and
golden.json, which holds both to what PyTorch computes. `export_gguf` turns OUT into GGUF files.
"""

import argparse
import json
import shutil
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from .checkpoint import load_exported, load_model
from .golden_prompts import golden_prompts
from .model import ModelConfig, Transformer
from .tokenizer import Tokenizer
from .tokenizer_json import tokenizer_config, write_tokenizer_json


def export(model: Transformer, vocabulary: Path, out: Path, name: str, weight_bits: int) -> None:
    """`weight_bits`: how the extension shall store the matrices when it builds its graph: 4, 8 or 32."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = {key: tensor.detach().half().cpu().contiguous() for key, tensor in model.state_dict().items()}
    if any(not tensor.isfinite().all() for tensor in tensors.values()):
        raise FloatingPointError("a weight does not fit into float16")
    save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
    write_json(out / "config.json", hugging_face_config(model.config))
    write_json(out / "sotto.json", {"name": name, "contextWindow": model.config.context, "weightBits": weight_bits})
    tokenizer = Tokenizer.load(vocabulary)
    write_vocabulary(vocabulary, tokenizer, out, model.config.context)
    # Of the stored weights, in float32, on the CPU: what every reader of the folder can reach.
    write_json(out / "golden.json", golden_prompts(read_exported(out), tokenizer), indent=None)


def write_vocabulary(vocabulary: Path, tokenizer: Tokenizer, out: Path, context: int) -> None:
    """Our own, and as others read it; or another's as it is, with where it is from."""
    if (vocabulary / "vocab.json").exists():
        for file in ("vocab.json", "vocab.tiktoken"):
            shutil.copyfile(vocabulary / file, out / file)
        write_tokenizer_json(tokenizer, out, context)
        return
    for file in ("tokenizer.json", "origin.json"):
        if (vocabulary / file).exists():
            shutil.copyfile(vocabulary / file, out / file)
    write_json(out / "tokenizer_config.json", tokenizer_config(context))


def hugging_face_config(config: ModelConfig) -> dict[str, object]:
    architecture = ("Qwen3ForCausalLM", "qwen3") if config.qk_norm else ("LlamaForCausalLM", "llama")
    return {
        "architectures": [architecture[0]],
        "model_type": architecture[1],
        "hidden_size": config.width,
        "intermediate_size": config.feed_forward,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_dim,
        "vocab_size": config.vocab_size,
        "rms_norm_eps": config.norm_eps,
        "rope_theta": config.rope_theta,
        "max_position_embeddings": config.context,
        "tie_word_embeddings": True,
        "attention_bias": False,
        "hidden_act": "silu",
        "bos_token_id": 0,
        "eos_token_id": 0,
        "torch_dtype": "float16",
    }


def read_exported(folder: Path, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32) -> Transformer:
    """The model of a folder that `export` or `ship` wrote, weights in float32.

    Its context is what the extension asks it within.
    """
    sotto = read_json(folder / "sotto.json")
    if "gguf" in sotto:
        from .read_gguf import read_gguf  # the GPU's machine has no gguf

        shape, _ = read_gguf(folder / sotto["gguf"], sotto["contextWindow"])
    else:
        shape = read_shape(read_json(folder / "config.json"), sotto["contextWindow"])
    model = Transformer(shape, dtype)
    load_exported(folder, model)
    return model.to(device).eval()


def read_shape(config: dict, context: int) -> ModelConfig:
    """Of a `config.json`."""
    return ModelConfig(
        vocab_size=config["vocab_size"],
        layers=config["num_hidden_layers"],
        width=config["hidden_size"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        feed_forward=config["intermediate_size"],
        context=context,
        rope_theta=config["rope_theta"],
        norm_eps=config["rms_norm_eps"],
        qk_norm=config["model_type"] == "qwen3",
    )


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, value: object, indent: int | None = 1) -> None:
    path.write_text(json.dumps(value, indent=indent) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a checkpoint as a Hugging Face folder.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--weight-bits", type=int, choices=(4, 8, 32), default=4)
    parser.add_argument("--context", type=int, help="tokens to ask it within, if not those that it was trained in")
    args = parser.parse_args()
    model = load_model(args.checkpoint)
    if args.context:
        weights = model.state_dict()
        model = Transformer(replace(model.config, context=args.context)).eval()
        model.load_state_dict(weights)
    export(model, args.vocabulary, args.out, args.name, args.weight_bits)
    print(f"wrote {args.out}")


if __name__ == "__main__":
    main()
