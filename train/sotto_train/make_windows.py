"""Tokenises a corpus into windows, with as many processes as there are cores.

    python3 -m sotto_train.make_windows CORPUS VOCABULARY OUT [--epochs 2] [--workers 16]

writes OUT/epoch-E/SHARD-PART.{tokens,roles,labels}.npy and SHARD-PART.json with its figures; a part is some
repositories of a shard. Each epoch splits the same files anew. Parts that are there already are left alone, so a
corpus may arrive in several instalments.
"""

import argparse
import json
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from .documents import Window, WindowConfig, WindowMaker
from .shards import SourceFile, list_shards, read_repositories
from .splits import KINDS
from .tokenizer import Tokenizer

# Labels index this list, so languages may be added at its end only.
# fmt: off
LANGUAGES = (
    "other", "typescript", "javascript", "python", "go", "rust", "java", "csharp", "c", "cpp", "html", "css", "json",
    "yaml", "markdown", "shell", "php", "ruby", "kotlin", "swift", "sql", "scss", "vue", "toml",
)
# fmt: on


PART_CHARACTERS = 4_000_000  # a few seconds' work, so that all processes end at about the same time


@dataclass(frozen=True)
class Job:
    """A part of a shard: whole repositories."""

    name: str
    repositories: list[list[SourceFile]]
    vocabulary: Path
    out: Path
    config: WindowConfig
    epochs: int

    def stem(self, epoch: int) -> Path:
        return self.out / f"epoch-{epoch}" / self.name


def make_windows(
    corpus: Path, vocabulary: Path, out: Path, config: WindowConfig, epochs: int = 1, workers: int = 1
) -> dict[str, object]:
    """Makes the windows that are not there yet; returns the totals over all that are."""
    for epoch in range(epochs):
        (out / f"epoch-{epoch}").mkdir(parents=True, exist_ok=True)
    jobs = (
        Job(f"{shard.name.removesuffix('.jsonl.xz')}-{number:04}", repositories, vocabulary, out, config, epochs)
        for shard in list_shards(corpus)
        for number, repositories in enumerate(parts_of(shard))
    )
    if workers == 1:
        for job in jobs:
            make_part(job)
    else:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            for _ in pool.imap_unordered(make_part, jobs):
                pass
    return totals(out)


def parts_of(shard: Path) -> Iterator[list[list[SourceFile]]]:
    """Neighbouring repositories with `PART_CHARACTERS` together, or a little more."""
    part: list[list[SourceFile]] = []
    size = 0
    for files in read_repositories(shard):
        part.append(files)
        size += sum(len(file.text) for file in files)
        if size >= PART_CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


def make_part(job: Job) -> None:
    """One part's windows of every epoch."""
    maker = WindowMaker(Tokenizer.load(job.vocabulary), job.config)
    for epoch in range(job.epochs):
        stem = job.stem(epoch)
        if not stem.with_suffix(".json").exists():
            rng = random.Random(f"{job.config.seed}/{epoch}/{job.name}")
            save([window for files in job.repositories for window in maker.windows(files, rng)], job.config, stem)


def save(windows: list[Window], config: WindowConfig, stem: Path) -> None:
    """The .json comes last and says that the others are whole."""
    size = config.window
    np.save(f"{stem}.tokens.npy", np.array([w.ids for w in windows], dtype=np.uint16).reshape(-1, size))
    np.save(f"{stem}.roles.npy", np.array([w.roles for w in windows], dtype=np.uint8).reshape(-1, size))
    # (N, 2): kind and language
    labels = [(w.kind, LANGUAGES.index(w.language) if w.language in LANGUAGES else 0) for w in windows]
    np.save(f"{stem}.labels.npy", np.array(labels, dtype=np.uint8).reshape(-1, 2))
    figures = {
        "windows": len(windows),
        "tokens": len(windows) * size,
        "padding": sum(size - w.filled for w in windows),
        "kinds": Counter(KINDS[w.kind] for w in windows),
        "languages": Counter(w.language for w in windows),
        "config": asdict(config),
    }
    partial = stem.with_suffix(".json.partial")
    partial.write_text(json.dumps(figures))
    os.replace(partial, stem.with_suffix(".json"))


def totals(out: Path) -> dict[str, object]:
    """Sums the figures of every part and epoch in `out`."""
    parts = [json.loads(path.read_text()) for path in sorted(out.glob("epoch-*/*.json"))]
    sums = {name: sum(part[name] for part in parts) for name in ("windows", "tokens", "padding")}
    counters = {name: sum((Counter(part[name]) for part in parts), Counter()) for name in ("kinds", "languages")}
    return {"parts": len(parts), **sums, **counters}


def main() -> None:
    parser = argparse.ArgumentParser(description="Tokenise a corpus into training windows.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    for option in fields(WindowConfig):
        parser.add_argument(f"--{option.name.replace('_', '-')}", type=option.type, default=option.default)
    args = parser.parse_args()
    config = WindowConfig(**{option.name: getattr(args, option.name) for option in fields(WindowConfig)})
    start = time.monotonic()
    figures = make_windows(args.corpus, args.vocabulary, args.out, config, args.epochs, args.workers)
    print(json.dumps({**figures, "seconds": round(time.monotonic() - start, 1)}))


if __name__ == "__main__":
    main()
