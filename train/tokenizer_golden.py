"""Small vocabularies as Hugging Face's folders have them, and the ids that `tokenizers` gives some texts.

    python3 train/tokenizer_golden.py [OUT_FOLDER]        (default: test/fixtures/tokenizers)

It writes OUT_FOLDER/KIND/tokenizer.json for each way to cut texts that Sotto reads, with the settings of the models
that the kind is named after and a vocabulary trained on numpy's own code (as in gguf_golden.py), and
OUT_FOLDER/tokens.json: texts, and each kind's ids. Run again with the versions of requirements-golden.txt it writes
the same bytes.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from gguf_golden import SEED, code_texts, gpt4, sample_texts

TOKENS = 500
TEXTS = 60

Json = dict[str, Any]


def gpt4o(digits: str, contraction: str) -> str:
    capitals = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
    small = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
    return (
        rf"{capitals}*{small}+{contraction}|{capitals}+{small}*{contraction}|{digits}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


def split(pattern: str) -> Json:
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def byte_level(*, use_regex: bool) -> Json:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": use_regex}


def sequence(*steps: Json) -> Json:
    return {"type": "Sequence", "pretokenizers": list(steps)}


def added(content: str, **fields: bool) -> Json:
    rest = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"content": content, **rest, **fields}


DIGITS = {"type": "Digits", "individual_digits": True}
END = added("<|endoftext|>")
FILL_IN = ["fim_prefix", "fim_middle", "fim_suffix"]

# As the tokenizer.json of the models have them: normalizer, pre-tokenizer, added tokens, other settings of the model.
BYTE_LEVEL: dict[str, tuple[Json | None, Json, list[Json], Json]] = {
    "gpt-2": (None, byte_level(use_regex=True), [END], {}),
    "starcoder2": (
        None,
        sequence(DIGITS, byte_level(use_regex=True)),
        [END, *[added(f"<{name}>") for name in FILL_IN]],
        {},
    ),
    "llama-3": (
        None,
        sequence(split(gpt4(r"\p{N}{1,3}")), byte_level(use_regex=False)),
        [added("<|begin_of_text|>"), added("<|end_of_text|>")],
        {"ignore_merges": True},
    ),
    "qwen2": (
        {"type": "NFC"},
        sequence(split(gpt4(r"\p{N}")), byte_level(use_regex=False)),
        [END, *[added(f"<|{name}|>", special=False) for name in FILL_IN]],
        {},
    ),
    "phi-4-mini": (
        None,
        sequence(split(gpt4o(r"\p{N}{1,3}", r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?")), byte_level(use_regex=False)),
        [END],
        {},
    ),
    "mistral-nemo": (
        None,
        sequence(split(gpt4o(r"\p{N}", "")), byte_level(use_regex=False)),
        [added("<s>"), added("</s>"), added("[PREFIX]"), added("[SUFFIX]")],
        {"ignore_merges": True},
    ),
    "deepseek-coder": (
        None,
        sequence(
            *[split(each) for each in (r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+")],
            DIGITS,
            byte_level(use_regex=False),
        ),
        [added(f"<｜fim▁{name}｜>", special=False) for name in ("begin", "hole", "end")]
        + [*[added(chr(code), special=False) for code in range(0xF5, 0x100)]],
        {},
    ),
    "gpt-neox": (
        {"type": "NFC"},
        byte_level(use_regex=True),
        [END, *[added(" " * count, special=False, normalized=True) for count in (8, 4, 2)]],
        {},
    ),
    "smollm2": (None, sequence(DIGITS, byte_level(use_regex=True)), [END], {}),
    "phi": (None, byte_level(use_regex=True), [END, added("\t\t", special=False), added("    ", special=False)], {}),
}

# Bytes that these have no token for: DeepSeek-Coder's are in no UTF-8 text, SmolLM2's are.
MISSING = {"deepseek-coder": range(0xF5, 0x100), "smollm2": [0, 3, 0x98, 0x9F, 0xCC, 0xF1, 0xF3]}

SPACES = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
PREPEND = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, SPACES]}


def metaspace(scheme: str, *, split: bool) -> Json:
    return {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": split}


MARKS = [added("<unk>"), added("<s>"), added("</s>")]
SENTENCE_PIECE: dict[str, tuple[Json | None, Json | None, list[Json]]] = {
    "llama-2": (PREPEND, None, [*MARKS, added("▁<PRE>"), added("▁<SUF>"), added("▁<MID>")]),
    "llama-2-added": (PREPEND, None, [*MARKS, added("->", special=False, normalized=True), added("==", special=False)]),
    "tinyllama": (None, metaspace("first", split=False), [*MARKS, added("==", special=False)]),
    "metaspace": (None, metaspace("always", split=True), [*MARKS, added("->", special=False, normalized=True)]),
    "gemma": (
        SPACES,
        {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
        [*MARKS, *[added(text, special=False) for text in ("\n\n", "▁▁", "<table>")]],
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write small vocabularies and reference ids.")
    parser.add_argument("out", nargs="?", type=Path, default=Path("test/fixtures/tokenizers"))
    out: Path = parser.parse_args().out
    documents = {name: byte_level_document(name, *parts) for name, parts in BYTE_LEVEL.items()}
    documents |= {name: sentence_piece_document(*parts) for name, parts in SENTENCE_PIECE.items()}
    rng = np.random.default_rng(SEED)
    texts = [texts for texts in sample_texts(rng) if texts]
    texts = [texts[i] for i in rng.permutation(len(texts))[:TEXTS]]
    ids = {}
    for name, document in documents.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        tokenizer = Tokenizer.from_str(json.dumps(document))
        (out / name / "tokenizer.json").write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
        ids[name] = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    document = {"texts": texts, "ids": ids}
    (out / "tokens.json").write_text(json.dumps(document) + "\n", encoding="utf-8")


def byte_level_document(name: str, normalizer: Json | None, cut: Json, tokens: list[Json], settings: Json) -> Json:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = from_json(cut)
    trainer = trainers.BpeTrainer(
        vocab_size=TOKENS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(code_texts()[:20], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    missing = {byte_character(byte) for byte in MISSING.get(name, [])}
    spellings = [spelling for spelling in sorted(model["vocab"], key=model["vocab"].get) if spelling not in missing]
    model["vocab"] = {spelling: index for index, spelling in enumerate(spellings)}
    model["merges"] = [pair for pair in model["merges"] if not missing & set("".join(pair))]
    decoder = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    return document(normalizer, cut, decoder, {**model, **settings}, number(tokens, len(model["vocab"])))


def byte_character(byte: int) -> str:
    """As GPT-2 writes it."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [code for code in range(256) if code not in printable]
    return chr(byte) if byte in printable else chr(256 + others.index(byte))


def from_json(cut: Json) -> pre_tokenizers.PreTokenizer:
    """The only public way from settings to a pre-tokenizer is a whole document."""
    empty = {"type": "BPE", "vocab": {}, "merges": []}
    return Tokenizer.from_str(json.dumps(document(None, cut, None, empty, []))).pre_tokenizer


def sentence_piece_document(normalizer: Json | None, cut: Json | None, tokens: list[Json]) -> Json:
    """As transformers makes one of a SentencePiece file: marks, single bytes, what merging makes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trainer = trainers.BpeTrainer(vocab_size=TOKENS, show_progress=False, max_token_length=16)
    tokenizer.train_from_iterator([line for text in code_texts()[:20] for line in text.splitlines()], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    first = [token["content"] for token in MARKS] + [f"<0x{byte:02X}>" for byte in range(256)]
    spellings = first + sorted(model["vocab"], key=model["vocab"].get)
    settings = {
        "vocab": {spelling: index for index, spelling in enumerate(spellings)},
        "unk_token": "<unk>",
        "fuse_unk": True,
        "byte_fallback": True,
    }
    known = [{**token, "id": spellings.index(token["content"])} for token in tokens if token["content"] in spellings]
    new = [token for token in tokens if token["content"] not in spellings]
    decoder = {
        "type": "Sequence",
        "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
            {"type": "ByteFallback"},
            {"type": "Fuse"},
        ],
    }
    return document(normalizer, cut, decoder, {**model, **settings}, known + number(new, len(spellings)))


def number(tokens: list[Json], first: int) -> list[Json]:
    return [{"id": first + index, **token} for index, token in enumerate(tokens)]


def document(normalizer: Json | None, cut: Json | None, decoder: Json | None, model: Json, tokens: list[Json]) -> Json:
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": tokens,
        "normalizer": normalizer,
        "pre_tokenizer": cut,
        "post_processor": None,
        "decoder": decoder,
        "model": model,
    }


if __name__ == "__main__":
    main()
