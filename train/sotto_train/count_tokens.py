"""How many tokens a corpus has, by language: the column that corpus/report.py lacks, because it knows no vocabulary.

    python3 -m sotto_train.count_tokens CORPUS/train VOCABULARY [--every 10]

Prints a table in Markdown. With `--every N` one file in N is read, and tokens are N times what they have.
"""

import argparse
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .shards import list_shards, read_files
from .tokenizer import Tokenizer


@dataclass
class Count:
    files: int = 0
    bytes: int = 0
    tokens: int = 0


def count_tokens(corpus: Path, tokenizer: Tokenizer, every: int = 1) -> dict[str, Count]:
    """Of each language, the one with most tokens first; what is read, not what that stands for."""
    counts: dict[str, Count] = defaultdict(Count)
    for shard in list_shards(corpus):
        for file in islice(read_files(shard), 0, None, every):
            count = counts[file.language]
            count.files += 1
            count.bytes += len(file.text.encode("utf-8", errors="replace"))
            count.tokens += len(tokenizer.encode(file.text))
    return dict(sorted(counts.items(), key=lambda item: -item[1].tokens))


def as_markdown(counts: dict[str, Count], every: int) -> str:
    columns = zip(*((count.files, count.bytes, count.tokens) for count in counts.values()), strict=True)
    rows = [*counts.items(), ("all", Count(*map(sum, columns)))]
    whole = max(1, rows[-1][1].tokens)
    lines = ["| language | files read | tokens, millions | share | bytes a token |", "| --- | --- | --- | --- | --- |"]
    for language, count in rows:
        tokens = f"{count.tokens * every / 1e6:,.1f} | {count.tokens / whole:.1%}"
        lines.append(f"| {language} | {count.files:,} | {tokens} | {count.bytes / max(1, count.tokens):.2f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Count a corpus's tokens by language.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("--every", type=int, default=1, help="read one file in so many")
    args = parser.parse_args()
    print(as_markdown(count_tokens(args.corpus, Tokenizer.load(args.vocabulary), args.every), args.every))


if __name__ == "__main__":
    main()
