"""The corpus as it lies on disk: `*.jsonl.xz`, a line a file, files of one repository on neighbouring lines."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path


@dataclass(frozen=True)
class SourceFile:
    repo: str
    path: str
    language: str
    text: str

    @property
    def short_path(self) -> str:
        """The last folder and the name: what a prompt says about a file (`shortPath` of src/context)."""
        return "/".join([part for part in self.path.replace("\\", "/").split("/") if part][-2:])


def list_shards(folder: Path | str) -> list[Path]:
    """In the order of their names, which a shard's seed depends on."""
    shards = sorted(Path(folder).glob("*.jsonl.xz"))
    if not shards:
        raise FileNotFoundError(f"no *.jsonl.xz in {folder}")
    return shards


def read_files(shard: Path | str) -> Iterator[SourceFile]:
    """Lines end in `\\n` whatever the file has, as in the extension's snapshots. Files without text are left out."""
    with lzma.open(shard, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            record = json.loads(line)
            text = record["text"].replace("\r\n", "\n").replace("\r", "\n")
            if text.strip():
                yield SourceFile(record["repo"], record["path"], record["language"], text)


def read_repositories(shard: Path | str) -> Iterator[list[SourceFile]]:
    """The files of one repository at a time."""
    for _, files in groupby(read_files(shard), key=lambda file: file.repo):
        yield list(files)


def write_shard(path: Path, files: list[SourceFile]) -> None:
    """For tests and the small pipeline; the corpus builder has its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8", newline="\n") as out:
        for file in files:
            out.write(json.dumps(vars(file), ensure_ascii=False) + "\n")
