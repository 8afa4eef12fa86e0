"""Chooses the p50k ranks that a vocabulary keeps, by how often a corpus uses them.

    python3 -m sotto_train.make_vocabulary CORPUS OUT [--size 16384] [--ranks .../p50k_base.tiktoken]

The choice is closed under merges: with a token, both halves that it is merged from are kept, and theirs, so the
pruned table is an ordinary byte-pair encoding.
"""

import argparse
import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import tiktoken

from .shards import list_shards, read_files
from .tokenizer import RANKS, SPECIAL, SPLIT, read_ranks, save_vocabulary


def make_vocabulary(
    corpus: Path, out: Path, size: int = 16_384, ranks: Path = RANKS, sample_bytes: int = 200_000_000, seed: int = 0
) -> dict[str, float]:
    """Writes the vocabulary; returns the share of whole-p50k tokens that it covers and what the sample was."""
    tokens = read_ranks(ranks)
    counts, read = count_ranks(corpus, tokens, sample_bytes, seed)
    kept = choose_ranks(counts, tokens, size - len(SPECIAL))
    save_vocabulary(out, list(SPECIAL), kept, tokens)
    covered = sum(counts[rank] for rank in kept)
    return {"size": len(kept) + len(SPECIAL), "coverage": covered / max(1, counts.total()), "sample_bytes": read}


def count_ranks(corpus: Path, tokens: dict[int, bytes], sample_bytes: int, seed: int) -> tuple[Counter[int], int]:
    """Counts whole-p50k tokens over shards in random order, until `sample_bytes` are read."""
    by_bytes = {token: rank for rank, token in tokens.items()}
    encoding = tiktoken.Encoding("p50k_base", pat_str=SPLIT, mergeable_ranks=by_bytes, special_tokens={})
    shards = list_shards(corpus)
    random.Random(seed).shuffle(shards)
    counts: Counter[int] = Counter()
    read = 0
    for shard in shards:
        for file in read_files(shard):
            if read >= sample_bytes:
                return counts, read
            counts.update(encoding.encode_ordinary(file.text))
            read += len(file.text.encode("utf-8", errors="replace"))
    return counts, read


def choose_ranks(counts: Counter[int], tokens: dict[int, bytes], size: int) -> list[int]:
    """The single bytes, then the most used tokens, each with all that it is merged from, until `size` are kept."""
    by_bytes = {token: rank for rank, token in tokens.items()}
    kept = {rank for rank, token in tokens.items() if len(token) == 1}
    for rank, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        needed = with_ancestors(rank, tokens, by_bytes) - kept
        if len(kept) + len(needed) <= size:
            kept |= needed
        if len(kept) == size:
            break
    return sorted(kept)


def with_ancestors(rank: int, tokens: dict[int, bytes], by_bytes: dict[bytes, int]) -> set[int]:
    """`rank` and everything that it is merged from."""
    found: set[int] = set()
    todo = [rank]
    while todo:
        rank = todo.pop()
        if rank not in found:
            found.add(rank)
            todo += halves(tokens[rank], by_bytes)
    return found


def halves(token: bytes, by_bytes: dict[bytes, int]) -> list[int]:
    """The two ranks whose merge is `token`; none for a single byte."""
    parts = [token[at : at + 1] for at in range(len(token))]
    while len(parts) > 2:
        ranks = [by_bytes.get(left + right, len(by_bytes) + 300) for left, right in pairwise(parts)]
        at = min(range(len(ranks)), key=ranks.__getitem__)
        if ranks[at] >= by_bytes[token]:
            raise ValueError(f"{token!r} is not a merge of two tokens of lower rank")
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return [by_bytes[part] for part in parts] if len(parts) == 2 else []


def main() -> None:
    parser = argparse.ArgumentParser(description="Choose the ranks of p50k that a vocabulary keeps.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, default=16_384)
    parser.add_argument("--ranks", type=Path, default=RANKS)
    parser.add_argument("--sample-bytes", type=int, default=200_000_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    print(make_vocabulary(args.corpus, args.out, args.size, args.ranks, args.sample_bytes, args.seed))


if __name__ == "__main__":
    main()
