"""Turns an exported folder into a GGUF file for llama.cpp and what is built on it.

    python3 -m sotto_train.export_gguf FOLDER OUT.gguf --type f32|f16|q8_0|q4_0 [--most-bytes N] [--scale-block 128]

FOLDER is what `export` writes. f32 is for comparing to the last digit: llama.cpp rounds the
activations that it multiplies with float16 weights to float16.

Q4_0's levels are those that the extension's int4 has (a scale searched for each block of 32), so a model trained with
rounded weights loses nothing here either; its token table, which is also the output matrix, is Q8_0. Needs `gguf`.

`--most-bytes` cuts the file into parts as llama.cpp's `llama-gguf-split` does: OUT-00001-of-00002.gguf and so on.
`--scale-block` gives that many values of a row of Q8_0 the same scale, and says so in the file: the extension then
multiplies in longer blocks, which is faster, and llama.cpp sees a usual Q8_0.
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from safetensors.torch import load_file
from torch import Tensor

from .rounding import int4_blocks
from .tokenizer import END, FILE_SEP, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, Tokenizer
from .tokenizer_json import listed_merges, merges, spelled_tokens

TYPES = {
    "f32": (Type.F32, gguf.LlamaFileType.ALL_F32),
    "f16": (Type.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": (Type.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "q4_0": (Type.Q4_0, gguf.LlamaFileType.MOSTLY_Q4_0),
}
LAYER_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


# Room for the metadata of a part: vocabulary and merges take half a megabyte.
HEADER_BYTES = 1 << 20


def export_gguf(folder: Path, out: Path, type_name: str, most_bytes: int = 0, scale_block: int = 0) -> list[Path]:
    """Writes the file, or its parts, and returns their paths. `folder`: as `export` writes it."""
    if scale_block and type_name != "q8_0":
        raise ValueError(f"--scale-block is for q8_0, not for {type_name}")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "sotto.json").read_text(encoding="utf-8"))
    matrix_type, file_type = TYPES[type_name]
    # Without a limit: one part.
    writer = gguf.GGUFWriter(out, config["model_type"], split_max_size=max(0, most_bytes - HEADER_BYTES))
    writer.add_name(manifest["name"])
    writer.add_file_type(file_type)
    add_shape(writer, config)
    add_tokenizer(writer, folder)
    add_origin(writer, folder)
    if scale_block:
        writer.add_uint32("sotto.scale_block", scale_block)
    for name, tensor in load_file(folder / "model.safetensors").items():
        if config["model_type"] == "llama":
            tensor = interleave(name, tensor, config)
        data, kind = pack(name, tensor, matrix_type, scale_block)
        writer.add_tensor(gguf_name(name), data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    written = writer.format_shard_names(out)
    writer.close()
    return written


def add_shape(writer: gguf.GGUFWriter, config: dict) -> None:
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])


def add_origin(writer: gguf.GGUFWriter, folder: Path) -> None:
    """Of weights that began as other people's: their licence and what was made of them."""
    path = folder / "origin.json"
    if path.exists():
        origin = json.loads(path.read_text(encoding="utf-8"))
        writer.add_license(origin["general.license"])
        writer.add_description(f"Trained further from {origin['file']}, its vocabulary cut")


def add_tokenizer(writer: gguf.GGUFWriter, folder: Path) -> None:
    """llama.cpp's 'gpt-2' pre-tokenizer is p50k's expression; 'smollm' cuts digits apart first."""
    tokenizer = Tokenizer.load(folder)
    special = tokenizer.special
    is_ours = (folder / "vocab.json").exists()
    pairs = merges(tokenizer) if is_ours else listed_merges(folder / "tokenizer.json")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2" if is_ours else "smollm")
    writer.add_token_list(spelled_tokens(tokenizer))
    kinds = [gguf.TokenType.CONTROL if at < len(special) else gguf.TokenType.NORMAL for at in range(len(tokenizer))]
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in pairs])
    writer.add_bos_token_id(special[END])
    writer.add_eos_token_id(special[END])
    writer.add_add_bos_token(False)
    # The gguf package has no methods for these; the keys are llama.cpp's.
    for key, name in (("pre", FIM_PREFIX), ("suf", FIM_SUFFIX), ("mid", FIM_MIDDLE), ("sep", FILE_SEP)):
        if name in special:
            writer.add_uint32(f"tokenizer.ggml.fim_{key}_token_id", special[name])


def gguf_name(name: str) -> str:
    whole = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}
    if name in whole:
        return whole[name]
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{LAYER_NAMES[rest.removesuffix('.weight')]}.weight"


def interleave(name: str, tensor: Tensor, config: dict) -> Tensor:
    """llama.cpp turns neighbours (2i, 2i + 1) of a 'llama' head where Hugging Face turns (i, i + D/2)."""
    heads = {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}
    count = heads.get(name.split(".")[-2])
    if count is None:
        return tensor
    rows, columns = tensor.shape
    return tensor.view(count, 2, rows // count // 2, columns).transpose(1, 2).reshape(rows, columns)


def pack(name: str, tensor: Tensor, matrix_type: Type, scale_block: int) -> tuple[np.ndarray, Type]:
    """Norms stay float32."""
    values = tensor.float()
    if values.dim() == 1 or matrix_type == Type.F32:
        return values.numpy(), Type.F32
    if matrix_type == Type.F16:
        return tensor.half().numpy(), Type.F16
    if matrix_type == Type.Q4_0 and "embed_tokens" not in name:
        return pack_q4_0(values), Type.Q4_0
    if scale_block:
        return pack_q8_0(values, scale_block), Type.Q8_0
    return gguf.quants.quantize(values.numpy(), Type.Q8_0), Type.Q8_0


def pack_q8_0(values: Tensor, scale_block: int) -> np.ndarray:
    """(rows, columns / 32 * 34) bytes: a float16 scale, the same for `scale_block` values of a row, then 32 levels."""
    rows, columns = values.shape
    largest = torch.nn.functional.pad(values.abs(), (0, -columns % scale_block)).view(rows, -1, scale_block).amax(2)
    scale = (largest / 127).half()  # (rows, long blocks)
    each = scale.repeat_interleave(scale_block // 32, 1)[:, : columns // 32]  # (rows, blocks of 32)
    inverse = torch.where(each == 0, 0, 1 / each.float())
    level = (values.view(rows, -1, 32) * inverse[:, :, None]).round().clamp(-127, 127).to(torch.int8)
    blocks = np.concatenate([each.numpy()[:, :, None].view(np.uint8), level.numpy().view(np.uint8)], axis=2)
    return blocks.reshape(rows, -1)


def pack_q4_0(values: Tensor) -> np.ndarray:
    """(rows, columns / 32 * 18) bytes: a float16 scale, then 16 bytes, each with the levels of i and i + 16."""
    level, scale = int4_blocks(values)
    nibbles = (level + 8).to(torch.uint8)
    packed = nibbles[:, :16] | (nibbles[:, 16:] << 4)
    blocks = np.concatenate([scale.half().numpy().view(np.uint8), packed.numpy()], axis=1)
    return blocks.reshape(values.shape[0], -1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Turn an exported folder into a GGUF file.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--type", choices=TYPES, default="f16")
    parser.add_argument("--most-bytes", type=int, default=0, help="of one part; without it there is one file")
    parser.add_argument(
        "--scale-block", type=int, default=0, help="values that share a scale in q8_0; a multiple of 32"
    )
    args = parser.parse_args()
    export_gguf(args.folder, args.out, args.type, args.most_bytes, args.scale_block)


if __name__ == "__main__":
    main()
