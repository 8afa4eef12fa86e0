"""p50k pruned, with the ids of src/tokenizer/openai-tokenizer.ts. Knows text and ids, nothing of windows or models.

A vocabulary is a folder with two files:

- `vocab.json`, as the extension reads it: the special tokens (ids from 0) and the p50k ranks kept (ids that follow);
- `vocab.tiktoken`, which only Python needs: the bytes of the kept ranks in tiktoken's own format, a line
  `BASE64 RANK` a token, so that a machine without node_modules can tokenise. Where it is not there (the bundled
  starter's folder), gpt-tokenizer's table in node_modules is read.
"""

import base64
import json
from pathlib import Path

import numpy as np
import tiktoken

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

    def __init__(self, special: list[str], kept: list[int], tokens: dict[int, bytes]) -> None:
        """`tokens`: the bytes of (at least) every kept rank."""
        if kept != sorted(set(kept)):
            raise ValueError("kept ranks must ascend: only then do ids merge in the order of ranks")
        self.special = {name: at for at, name in enumerate(special)}
        self.bytes_of = [b""] * len(special) + [tokens[rank] for rank in kept]
        # Ids ascend as ranks do, so the id itself serves as tiktoken's merge rank; dropped ranks are simply absent.
        ranks = {self.bytes_of[at]: at for at in range(len(special), len(self.bytes_of))}
        if sum(len(token) == 1 for token in ranks) != 256:
            raise ValueError("all 256 single bytes must be kept")
        self.encoding = tiktoken.Encoding("p50k_pruned", pat_str=SPLIT, mergeable_ranks=ranks, special_tokens={})

    @classmethod
    def load(cls, folder: Path | str) -> "Tokenizer":
        """Reads `vocab.json` and, if it is there, `vocab.tiktoken`."""
        vocabulary = json.loads((Path(folder) / "vocab.json").read_text(encoding="utf-8"))
        own = Path(folder) / "vocab.tiktoken"
        return cls(vocabulary["special"], vocabulary["kept"], read_ranks(own if own.exists() else RANKS))

    def __len__(self) -> int:
        return len(self.bytes_of)

    def encode(self, text: str) -> list[int]:
        """Lone surrogates become U+FFFD, as UTF-8 encoders write them."""
        return self.encoding.encode_ordinary(text)

    def decode(self, ids: list[int]) -> str:
        return b"".join(self.bytes_of[at] for at in ids).decode("utf-8", errors="replace")

    def byte_lengths(self) -> np.ndarray:
        """(V,) bytes of each token; 0 for special ones."""
        return np.array([len(token) for token in self.bytes_of], dtype=np.int32)


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
