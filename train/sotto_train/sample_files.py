"""Held-out files for `npm run bench:quality -- --files OUT`, as it reads them: JSONL, a `{path, text}` a line.

    python3 -m sotto_train.sample_files CORPUS/valid OUT.jsonl [--files 60] [--languages typescript,python] [--seed 0]

As many of each language, and of each of its repositories in turn, so that no large one is most of the sample.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from .shards import SourceFile, list_shards, read_files

CODE = ("typescript", "javascript", "python", "go")
# Shorter files are re-exports and configuration.
LEAST_CHARACTERS = 500


def sample_files(valid: Path, count: int, languages: Sequence[str], seed: int) -> list[SourceFile]:
    """`count` files, or as many as there are, in the order of languages."""
    rng = random.Random(seed)
    files = [file for shard in list_shards(valid) for file in read_files(shard)]
    sampled = []
    for place, language in enumerate(languages):
        wanted = (count + len(languages) - 1 - place) // len(languages)
        repositories = defaultdict(list)
        for file in files:
            if file.language == language and len(file.text) >= LEAST_CHARACTERS:
                repositories[file.repo].append(file)
        for of_repository in repositories.values():
            rng.shuffle(of_repository)
        turns = list(repositories.values())
        for turn in range(wanted):
            turns = [left for left in turns if left]
            if not turns:
                break
            sampled.append(turns[turn % len(turns)].pop())
    return sampled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("valid", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--languages", default=",".join(CODE))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sampled = sample_files(options.valid, options.files, options.languages.split(","), options.seed)
    with options.out.open("w", encoding="utf-8", newline="\n") as out:
        for file in sampled:
            out.write(json.dumps({"repo": file.repo, "path": file.path, "text": file.text}) + "\n")
    repositories = {file.repo for file in sampled}
    print(f"{len(sampled)} files of {len(repositories)} repositories: {', '.join(sorted(repositories))}")


if __name__ == "__main__":
    main()
