"""The start of a run from other people's weights: a GGUF file of LLaMA's shape with SmolLM2's vocabulary.

    python3 -m sotto_train.base MODEL.gguf CORPUS/train OUT [--size 12288] [--context 512]

OUT is a folder as `export` writes it, for `--init-from` and, because it has the vocabulary too, for `--vocabulary`:
the weights dequantised, the table cut to the tokens that the corpus uses most, our marks in rows that code does not
need. `origin.json` says where the weights are from; `export` passes it on.
"""

import argparse
import hashlib
import json
from pathlib import Path

import gguf
from gguf import GGUFReader
from safetensors.torch import save_file
from torch import Tensor

from .base_vocabulary import Cut, Vocabulary, count_tokens, cut, tokenizer_json
from .export import hugging_face_config, write_json
from .model import ModelConfig
from .read_gguf import read_config, read_weights
from .tokenizer import FILE_SEP, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, Tokenizer
from .tokenizer_json import tokenizer_config

# Nobody has trained the rows of these marks: in SmolLM2 they are all alike, so a model could not tell one from another.
# Each begins as the mean of the tokens of words that say what it means.
MARK_WORDS = {
    FIM_PREFIX: " begin start",
    FIM_SUFFIX: " after following",
    FIM_MIDDLE: " missing between",
    FILE_SEP: " next file",
}
ORIGIN = ("general.name", "general.organization", "general.license", "general.file_type")


def make_base(file: Path, corpus: Path, out: Path, size: int, context: int, every: int) -> dict[str, object]:
    """Writes the folder; returns what `origin.json` has."""
    reader = GGUFReader(file)
    whole = read_vocabulary(reader)
    counts, read = count_tokens(corpus, whole, every)
    made = cut(whole, counts, size)
    config = read_config(reader, len(made.rows), context)
    out.mkdir(parents=True, exist_ok=True)
    document = json.dumps(tokenizer_json(made.vocabulary), ensure_ascii=False)
    (out / "tokenizer.json").write_text(document, encoding="utf-8")
    tensors = read_tensors(reader, config, made)
    name_marks(tensors["model.embed_tokens.weight"], Tokenizer.load(out))
    save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
    write_json(out / "config.json", hugging_face_config(config))
    write_json(out / "sotto.json", {"name": out.name, "contextWindow": context, "weightBits": 8})
    write_json(out / "tokenizer_config.json", tokenizer_config(context))
    origin = {
        "file": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        **{key: reader.fields[key].contents() for key in ORIGIN if key in reader.fields},
        "types": sorted({tensor.tensor_type.name for tensor in reader.tensors}),
        "tokens": {"whole": len(whole.spellings), "kept": len(made.rows)},
        "covered": covered(counts, made.vocabulary),
        "bytes counted": read,
    }
    write_json(out / "origin.json", origin)
    return origin


def read_vocabulary(reader: GGUFReader) -> Vocabulary:
    field = {name: reader.fields[f"tokenizer.ggml.{name}"].contents() for name in ("pre", "tokens", "merges")}
    if field["pre"] != "smollm":
        raise ValueError(f"the vocabulary is cut as {field['pre']}, not as smollm")
    kinds = reader.fields["tokenizer.ggml.token_type"].contents()
    marks = [token for token, kind in zip(field["tokens"], kinds, strict=True) if kind == gguf.TokenType.CONTROL]
    return Vocabulary(field["tokens"], [tuple(pair.split(" ")) for pair in field["merges"]], marks)


def read_tensors(reader: GGUFReader, config: ModelConfig, made: Cut) -> dict[str, Tensor]:
    """In float16, the table cut to the rows that are kept."""
    tensors = read_weights([reader], config)
    table = "model.embed_tokens.weight"
    tensors[table] = tensors[table][made.rows]
    return {name: values.half().contiguous() for name, values in tensors.items()}


def name_marks(table: Tensor, tokenizer: Tokenizer) -> None:
    """Sets the rows of the marks in `MARK_WORDS`, in place. `table`: (V, width)."""
    for mark, words in MARK_WORDS.items():
        table[tokenizer.special[mark]] = table[tokenizer.encode(words)].float().mean(0).to(table.dtype)


def covered(counts: dict[str, int], vocabulary: Vocabulary) -> float:
    """The share of the corpus's tokens that are kept."""
    kept = set(vocabulary.spellings)
    return round(sum(count for token, count in counts.items() if token in kept) / max(1, sum(counts.values())), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the start of a run from a GGUF file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, default=12_288, help="tokens that the vocabulary keeps")
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--every", type=int, default=10, help="counts the tokens of one file in so many")
    args = parser.parse_args()
    print(json.dumps(make_base(args.file, args.corpus, args.out, args.size, args.context, args.every)))


if __name__ == "__main__":
    main()
