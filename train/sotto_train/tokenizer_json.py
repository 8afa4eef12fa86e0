"""The vocabulary in the forms of other tools: byte-level BPE with merges, as GPT-2's.

Those tools merge listed pairs, in the order of the list; gpt-tokenizer and tiktoken merge any neighbours whose
concatenation is a token, the lowest rank first. The list of every such pair, ordered by what it makes, is the same.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from .byte_level import byte_characters
from .tokenizer import Tokenizer


def spelled_tokens(tokenizer: Tokenizer) -> list[str]:
    """Every id's spelling in byte characters; special tokens by their names."""
    characters = byte_characters()
    names = {at: name for name, at in tokenizer.special.items()}
    return [names.get(at) or "".join(characters[byte] for byte in token) for at, token in enumerate(tokenizer.bytes_of)]


def merges(tokenizer: Tokenizer) -> list[tuple[str, str]]:
    """Each pair of tokens whose concatenation is a token, in the order of the tokens that they make."""
    characters = byte_characters()
    known = {token for token in tokenizer.bytes_of if token}

    def spell(token: bytes) -> str:
        return "".join(characters[byte] for byte in token)

    return [
        (spell(token[:cut]), spell(token[cut:]))
        for token in tokenizer.bytes_of
        for cut in range(1, len(token))
        if token[:cut] in known and token[cut:] in known
    ]


def listed_merges(path: Path) -> list[tuple[str, str]]:
    """Those that a `tokenizer.json` has."""
    return [tuple(pair) for pair in json.loads(path.read_text(encoding="utf-8"))["model"]["merges"]]


def write_tokenizer_json(tokenizer: Tokenizer, folder: Path, context: int) -> None:
    """tokenizer.json and tokenizer_config.json, for transformers, llama.cpp's converter and the like."""
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    special = [{"id": at, "content": name, **plain, "special": True} for name, at in tokenizer.special.items()]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True}
    ids = {spelling: at for at, spelling in enumerate(spelled_tokens(tokenizer))}
    whole = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": byte_level,
        "model": byte_pair_model(ids, merges(tokenizer)),
    }
    (folder / "tokenizer.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    config = json.dumps(tokenizer_config(context), indent=1)
    (folder / "tokenizer_config.json").write_text(config + "\n", encoding="utf-8")


def byte_pair_model(ids: dict[str, int], merged: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The field `model` of a tokenizer.json: byte-pair encoding of these spellings."""
    return {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": False,
        "vocab": ids,
        "merges": [list(pair) for pair in merged],
    }


def tokenizer_config(context: int) -> dict[str, object]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|endoftext|>",
        "bos_token": "<|endoftext|>",
        "model_max_length": context,
        "clean_up_tokenization_spaces": False,
    }
