"""Reads a GGUF file of LLaMA's or Qwen3's shape, whole or in parts, back into our names, row order and floats."""

import re
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGUFReader
from torch import Tensor

from .export_gguf import LAYER_NAMES
from .model import ModelConfig

NAMES = {theirs: ours for ours, theirs in LAYER_NAMES.items()}


def parts_of(file: Path) -> list[Path]:
    """The files of a model that is cut into parts, the first one first; the file itself if it is not cut."""
    found = re.fullmatch(r"(.*)-\d{5}-of-(\d{5})\.gguf", file.name)
    if not found:
        return [file]
    stem, count = found.groups()
    return [file.with_name(f"{stem}-{part:05}-of-{count}.gguf") for part in range(1, int(count) + 1)]


def read_config(reader: GGUFReader, vocab_size: int, context: int) -> ModelConfig:
    """The file's shape, with our vocabulary and context."""
    architecture = reader.fields["general.architecture"].contents()

    def value(key: str) -> int | float:
        return reader.fields[f"{architecture}.{key}"].contents()

    return ModelConfig(
        vocab_size=vocab_size,
        layers=value("block_count"),
        width=value("embedding_length"),
        heads=value("attention.head_count"),
        kv_heads=value("attention.head_count_kv"),
        feed_forward=value("feed_forward_length"),
        context=context,
        rope_theta=value("rope.freq_base"),
        norm_eps=round(value("attention.layer_norm_rms_epsilon"), 12),  # a float32: 1e-5 is 9.999999747e-6
        qk_norm=architecture == "qwen3",
    )


def read_weights(readers: list[GGUFReader], config: ModelConfig) -> dict[str, Tensor]:
    """Dequantised, float32, by our names."""
    tensors = {}
    for tensor in (tensor for reader in readers for tensor in reader.tensors):
        values = torch.from_numpy(np.array(gguf.quants.dequantize(tensor.data, tensor.tensor_type)))
        heads = {"attn_q": config.heads, "attn_k": config.kv_heads}.get(tensor.name.split(".")[-2])
        if heads and not config.qk_norm:
            values = in_halves(values, heads)
        tensors[hugging_face_name(tensor.name)] = values
    return tensors


def read_gguf(file: Path, context: int) -> tuple[ModelConfig, dict[str, Tensor]]:
    """Shape and weights of our own file; `context`: what the extension asks it within."""
    readers = [GGUFReader(part) for part in parts_of(file)]
    config = read_config(readers[0], len(readers[0].fields["tokenizer.ggml.tokens"].contents()), context)
    return config, read_weights(readers, config)


def hugging_face_name(name: str) -> str:
    whole = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
    if name in whole:
        return whole[name]
    _, layer, rest, _ = name.split(".")
    return f"model.layers.{layer}.{NAMES[rest]}.weight"


def in_halves(matrix: Tensor, heads: int) -> Tensor:
    """llama.cpp turns neighbours (2i, 2i + 1) of a head, we turn (i, i + D/2): the opposite of `interleave`."""
    rows, columns = matrix.shape
    return matrix.view(heads, rows // heads // 2, 2, columns).transpose(1, 2).reshape(rows, columns)
