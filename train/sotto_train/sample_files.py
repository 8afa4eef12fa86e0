"""Held-out files for `npm run bench:quality -- --files OUT`, as it reads them: JSONL, a line a file,

    {"repo": ..., "path": ..., "text": ..., "neighbours": [{"path": ..., "text": ...}, ...]}

    python3 -m sotto_train.sample_files CORPUS/valid OUT.jsonl [--files 60] [--languages typescript,python] [--seed 0]

As many of each language, and of each of its repositories in turn, so that no large one is most of the sample. The
neighbours are what a user would have open beside the file: what it names, then others of its folder, then any of its
repository.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from .documents import distance
from .shards import SourceFile, list_shards, read_files

CODE = ("typescript", "javascript", "python", "go")
# Shorter files are re-exports and configuration.
LEAST_CHARACTERS = 500
NEIGHBOURS = 8  # as many files as a user may have in tabs
NEIGHBOUR_CHARACTERS = 64_000  # the editor leaves out longer ones (src/other-files/other-files.vscode.ts)


def sample_files(files: list[SourceFile], count: int, languages: Sequence[str], seed: int) -> list[SourceFile]:
    """`count` of the files, or as many as there are, in the order of languages."""
    rng = random.Random(seed)
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


def neighbours(main: SourceFile, repository: list[SourceFile], seed: int) -> list[SourceFile]:
    """The nearest first; of equally near ones some at random, the same for the same seed."""
    others = [file for file in repository if file.path != main.path and len(file.text) <= NEIGHBOUR_CHARACTERS]
    rng = random.Random(f"{seed}/{main.repo}/{main.path}")
    rng.shuffle(others)
    return sorted(others, key=lambda file: distance(main, file))[:NEIGHBOURS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("valid", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--languages", default=",".join(CODE))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    files = [file for shard in list_shards(options.valid) for file in read_files(shard)]
    sampled = sample_files(files, options.files, options.languages.split(","), options.seed)
    repositories = defaultdict(list)
    for file in files:
        repositories[file.repo].append(file)
    with options.out.open("w", encoding="utf-8", newline="\n") as out:
        for file in sampled:
            beside = neighbours(file, repositories[file.repo], options.seed)
            others = [{"path": other.path, "text": other.text} for other in beside]
            record = {"repo": file.repo, "path": file.path, "text": file.text, "neighbours": others}
            out.write(json.dumps(record) + "\n")
    names = sorted({file.repo for file in sampled})
    print(f"{len(sampled)} files of {len(names)} repositories: {', '.join(names)}")


if __name__ == "__main__":
    main()
