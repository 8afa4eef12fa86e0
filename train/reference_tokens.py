"""The reference for `npm run -s tokens`: answers texts with their ids, a line of JSON each, until its input ends.

    {"reference": "tokenizers", "path": tokenizer.json, "marks": [names], "texts": [...]}
    {"reference": "gguf", "path": file with a byte-level vocabulary, "texts": [...]}
    {"reference": "sentencepiece", "path": GGUF file with a SentencePiece vocabulary, "texts": [...]}
    {"reference": "tiktoken", "path": .tiktoken file, "texts": [...]}
    {"reference": "sotto", "path": .tiktoken file, "texts": [...]}: cut as our own models' texts are

It greets with the ranges of characters that its Unicode knows: Node's may be newer, and text of characters that only
one of them knows is cut differently. The spelling of a mark in a text is text, as it is in Sotto.
"""

import base64
import json
import struct
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import gguf
import sentencepiece
import tiktoken
from tokenizers import Tokenizer, normalizers

from gguf_golden import byte_level_tokenizer, text_tokenizer
from sotto_train.tokenizer import SPLIT

NFC = normalizers.NFC()

Encode = Callable[[list[str]], list[list[int]]]

# OpenAI's pattern of r50k and p50k, `tiktoken_ext/openai_public.py`.
GPT2_SPLIT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""


def main() -> None:
    answer({"unicode": unicodedata.unidata_version, "ranges": known_ranges()})
    for line in sys.stdin:
        request = json.loads(line)
        encode = ENCODERS[request["reference"]](request["path"], tuple(request.get("marks", [])))
        answer(encode(request["texts"]))


def answer(value: Any) -> None:
    print(json.dumps(value), flush=True)


def known_ranges() -> list[list[int]]:
    """First and last of each run of characters that all parts of the reference know."""
    ranges: list[list[int]] = []
    for code in range(0x110000):
        if unicodedata.category(chr(code)) in ("Cn", "Cs") or not normalises(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def normalises(character: str) -> bool:
    """The tables of `tokenizers` for this are older: they lack the combining marks of newer scripts."""
    after = f"a{character}\u0334"  # a mark that comes first of all
    apart = unicodedata.normalize("NFD", character)
    return all(NFC.normalize_str(text) == unicodedata.normalize("NFC", text) for text in (after, apart))


@cache
def from_tokenizer_json(path: str, marks: tuple[str, ...]) -> Encode:
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    vocab = document["model"]["vocab"]
    # `tokenizers` numbers anew what it is not told of: a mark outside of the vocabulary keeps its place under a
    # spelling that no text has.
    document["added_tokens"] = [
        {**token, "content": f"\ufffe{token['content']}"} if token["content"] in marks else token
        for token in document["added_tokens"]
        if token["content"] not in marks or token["content"] not in vocab
    ]
    return batches(Tokenizer.from_str(json.dumps(document)))


@cache
def from_gguf(path: str, _marks: tuple[str, ...]) -> Encode:
    fields = gguf.GGUFReader(path).fields
    tokens: list[str] = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    vocab = {token: index for index, token in enumerate(tokens)}
    if fields["tokenizer.ggml.model"].contents() == "gemma4":
        return batches(text_tokenizer(vocab, merges))
    pre = fields.get("tokenizer.ggml.pre")
    return batches(byte_level_tokenizer(pre.contents() if pre else "default", vocab, merges))


def batches(tokenizer: Tokenizer) -> Encode:
    return lambda texts: [each.ids for each in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]


@cache
def from_sentencepiece(path: str, _marks: tuple[str, ...]) -> Encode:
    fields = gguf.GGUFReader(path).fields
    names = ("tokens", "scores", "token_type")
    pieces = zip(*(fields[f"tokenizer.ggml.{name}"].contents() for name in names), strict=True)
    model = b"".join(message(1, piece_message(*piece)) for piece in pieces)
    # TrainerSpec: byte-pair encoding, bytes for what is unknown. NormalizerSpec: a space in front, none taken away.
    model += message(2, varint(3, 2) + varint(35, 1))
    model += message(3, message(1, b"identity") + varint(3, 1) + varint(4, 0) + varint(5, 1))
    return sentencepiece.SentencePieceProcessor(model_proto=model).encode


def piece_message(text: str, score: float, kind: int) -> bytes:
    return message(1, text.encode()) + b"\x15" + struct.pack("<f", score) + varint(3, kind)


def message(field: int, content: bytes) -> bytes:
    """A protobuf field of bytes (https://protobuf.dev/programming-guides/encoding)."""
    return number(field << 3 | 2) + number(len(content)) + content


def varint(field: int, value: int) -> bytes:
    return number(field << 3) + number(value)


def number(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + number(value >> 7)


@cache
def from_tiktoken(path: str, _marks: tuple[str, ...]) -> Encode:
    return by_ranks(path, GPT2_SPLIT)


@cache
def from_sotto(path: str, _marks: tuple[str, ...]) -> Encode:
    return by_ranks(path, SPLIT)


def by_ranks(path: str, pattern: str) -> Encode:
    lines = Path(path).read_text(encoding="ascii").splitlines()
    ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}
    encoding = tiktoken.Encoding("reference", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return lambda texts: encoding.encode_ordinary_batch(texts, num_threads=1)


ENCODERS: dict[str, Callable[[str, tuple[str, ...]], Encode]] = {
    "tokenizers": from_tokenizer_json,
    "gguf": from_gguf,
    "sentencepiece": from_sentencepiece,
    "tiktoken": from_tiktoken,
    "sotto": from_sotto,
}

if __name__ == "__main__":
    main()
