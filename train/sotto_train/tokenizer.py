"""Text to ids, the same as the extension's. Knows text and ids, nothing of windows or models.

A vocabulary is a folder. Our own, p50k pruned (src/tokenizer/openai-tokenizer.ts), has two files:

- `vocab.json`, as the extension reads it: the special tokens (ids from 0) and the p50k ranks kept (ids that follow);
- `vocab.tiktoken`, which only Python needs: the bytes of the kept ranks in tiktoken's own format, a line
  `BASE64 RANK` a token, so that a machine without node_modules can tokenise. Where it is not there (the bundled
  starter's folder), gpt-tokenizer's table in node_modules is read.

Other people's, cut (`base_vocabulary`), has `tokenizer.json` alone, as Hugging Face's library reads it.
"""

import base64
import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np
import tiktoken
import tokenizers

from .byte_level import spelled_bytes

END, FIM_PREFIX, FIM_MIDDLE, FIM_SUFFIX, PATH, FILE_SEP = (
    "<|endoftext|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|path|>",
    "<|file_sep|>",
)
SPECIAL = (END, FIM_PREFIX, FIM_MIDDLE, FIM_SUFFIX, PATH, FILE_SEP)

# What JavaScript means by \s. Rust's is Unicode's White_Space, which has U+0085 and lacks U+FEFF.
SPACE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
# gpt-tokenizer's R50K_TOKEN_SPLIT_REGEX, with \s and \S written out.
SPLIT = (
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+"
    rf"| ?[^{SPACE}\p{{L}}\p{{N}}]+|[{SPACE}]+(?![^{SPACE}])|[{SPACE}]+"
)


# p50k's whole table, in the same format.
RANKS = Path(__file__).parents[2] / "node_modules/gpt-tokenizer/data/p50k_base.tiktoken"


class Tokenizer:
    """Text to ids and back. `special["<|path|>"]` is a special token's id; no text ever encodes to one."""

    def __init__(self, special: dict[str, int], bytes_of: list[bytes], encode: Callable[[str], list[int]]) -> None:
        """`bytes_of`: of each id; special ones have none."""
        self.special = special
        self.bytes_of = bytes_of
        self.encode_text = encode

    @classmethod
    def load(cls, folder: Path | str) -> "Tokenizer":
        """Reads `vocab.json` and, if it is there, `vocab.tiktoken`; without the first, `tokenizer.json`."""
        if not (Path(folder) / "vocab.json").exists():
            return from_tokenizer_json(Path(folder) / "tokenizer.json")
        vocabulary = json.loads((Path(folder) / "vocab.json").read_text(encoding="utf-8"))
        own = Path(folder) / "vocab.tiktoken"
        return from_ranks(vocabulary["special"], vocabulary["kept"], read_ranks(own if own.exists() else RANKS))

    def __len__(self) -> int:
        return len(self.bytes_of)

    def encode(self, text: str) -> list[int]:
        """Lone surrogates become U+FFFD, as UTF-8 encoders write them."""
        return self.encode_text(text)

    def decode(self, ids: list[int]) -> str:
        return b"".join(self.bytes_of[at] for at in ids).decode("utf-8", errors="replace")

    def byte_lengths(self) -> np.ndarray:
        """(V,) bytes of each token; 0 for special ones."""
        return np.array([len(token) for token in self.bytes_of], dtype=np.int32)


def from_ranks(special: list[str], kept: list[int], tokens: dict[int, bytes]) -> Tokenizer:
    """p50k pruned. `tokens`: the bytes of (at least) every kept rank."""
    if kept != sorted(set(kept)):
        raise ValueError("kept ranks must ascend: only then do ids merge in the order of ranks")
    bytes_of = [b""] * len(special) + [tokens[rank] for rank in kept]
    # Ids ascend as ranks do, so the id itself serves as tiktoken's merge rank; dropped ranks are simply absent.
    ranks = {bytes_of[at]: at for at in range(len(special), len(bytes_of))}
    if sum(len(token) == 1 for token in ranks) != 256:
        raise ValueError("all 256 single bytes must be kept")
    encoding = tiktoken.Encoding("p50k_pruned", pat_str=SPLIT, mergeable_ranks=ranks, special_tokens={})
    return Tokenizer({name: at for at, name in enumerate(special)}, bytes_of, encoding.encode_ordinary)


def from_tokenizer_json(path: Path) -> Tokenizer:
    """A byte-level `tokenizer.json`. Its marks are known by name; their spelling in a text is text."""
    document = json.loads(path.read_text(encoding="utf-8"))
    special = {mark["content"]: mark["id"] for mark in document["added_tokens"]}
    vocab = {spelling: at for spelling, at in document["model"]["vocab"].items() if spelling not in special}
    bytes_of = [b""] * (1 + max(chain(special.values(), vocab.values())))
    for spelling, at in vocab.items():
        bytes_of[at] = spelled_bytes(spelling)
    document["added_tokens"] = []
    document["model"]["vocab"] = vocab
    library = tokenizers.Tokenizer.from_str(json.dumps(document))

    def encode(text: str) -> list[int]:
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return library.encode(text, add_special_tokens=False).ids

    return Tokenizer(special, bytes_of, encode)


def read_ranks(path: Path | str) -> dict[int, bytes]:
    """A `.tiktoken` file: rank -> bytes."""
    lines = Path(path).read_bytes().splitlines()
    pairs = (line.split() for line in lines if line)
    return {int(rank): base64.b64decode(token) for token, rank in pairs}


def save_vocabulary(folder: Path, special: list[str], kept: list[int], tokens: dict[int, bytes]) -> None:
    """Writes both files of a vocabulary."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {"base": "p50k_base", "special": special, "kept": kept}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, separators=(",", ":")), encoding="utf-8")
    lines = (f"{base64.b64encode(tokens[rank]).decode()} {rank}\n" for rank in kept)
    (folder / "vocab.tiktoken").write_text("".join(lines), encoding="utf-8")
