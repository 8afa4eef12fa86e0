"""Reads one repository at its commit: files by language, filtered, at most 12 MB, with a count of what went.

Writes <owner+name>.jsonl (a line a file) and, last, <owner+name>.json (the counts): where the counts are,
the repository has been read.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from . import filters, mirrors
from .languages import SECONDARY, language_of
from .repositories import Repository, refused_folders

REPOSITORY_LIMIT = 12_000_000  # bytes
SECONDARY_LIMIT = REPOSITORY_LIMIT // 10

Drop = Callable[[str, int], None]  # why, bytes


def read_repository(git_dir: Path, repository: Repository, target: Path, reserved: bool = False) -> dict:
    """The counts of a repository: {"commit", "filters", "kept", "dropped": {filter: [files, bytes]}}.

    `reserved` reads one that is reserved for evaluation, to compare others with: its own package may stay.

    A repository that is already in `target` at this commit and with these filters is not read again.
    """
    counts_path = target / f"{repository.file_name}.json"
    if counts_path.exists():
        counts = json.loads(counts_path.read_text())
        if counts["commit"] == repository.commit and counts["filters"] == filters.VERSION:
            return counts
        counts_path.unlink()
    target.mkdir(parents=True, exist_ok=True)
    dropped: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    kept = [0, 0]
    documents_path = target / f"{repository.file_name}.jsonl"
    with documents_path.open("w", encoding="utf-8") as lines:
        for document in documents(git_dir, repository.commit, dropped, reserved):
            lines.write(json.dumps(document, ensure_ascii=False) + "\n")
            kept[0] += 1
            kept[1] += len(document["text"].encode())
    counts = {"commit": repository.commit, "filters": filters.VERSION, "kept": kept, "dropped": dict(dropped)}
    partial = counts_path.with_suffix(".part")
    partial.write_text(json.dumps(counts))
    partial.rename(counts_path)
    return counts


def documents(git_dir: Path, commit: str, dropped: dict[str, list[int]], reserved: bool = False) -> Iterator[dict]:
    """{"path", "language", "text"} of the files that stay; adds files and bytes of the others to `dropped`."""

    def drop(why: str, size: int) -> None:
        dropped[why][0] += 1
        dropped[why][1] += size

    blobs = mirrors.list_blobs(git_dir, commit)
    refused, reserved_folders = refused_folders(git_dir, blobs)
    if reserved:
        reserved_folders = {}
    candidates = []
    for blob in blobs:
        language = language_of(blob.path)
        if language is None:
            drop("no language of ours", blob.size)
        elif _below(blob.path, reserved_folders):
            drop("reserved (package)", blob.size)
        elif _below(blob.path, refused):
            drop("refused licence (folder)", blob.size)
        elif why := filters.dropped_by_path(blob.path, language, blob.size):
            drop(why, blob.size)
        else:
            candidates.append(blob)
    candidates.sort(key=_order)
    bytes_left = {False: REPOSITORY_LIMIT, True: SECONDARY_LIMIT}
    for blob, data in mirrors.read_blobs(git_dir, _within(candidates, bytes_left, drop)):
        try:
            text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
        except UnicodeDecodeError:
            drop("not UTF-8", blob.size)
            continue
        if "\0" in text:
            drop("not UTF-8", blob.size)
        elif why := filters.dropped_by_text(text):
            drop(why, blob.size)
        else:
            language = language_of(blob.path)
            bytes_left[language in SECONDARY] -= len(data)
            bytes_left[False] -= len(data) if language in SECONDARY else 0
            yield {"path": blob.path, "language": language, "text": text}


def _within(blobs: list[mirrors.Blob], bytes_left: dict[bool, int], drop: Drop) -> Iterator[mirrors.Blob]:
    """Those blobs that the limits still have room for at the moment they are asked for."""
    for blob in blobs:
        secondary = language_of(blob.path) in SECONDARY
        if blob.size > bytes_left[False] or (secondary and blob.size > bytes_left[True]):
            drop("over the repository's limit", blob.size)
        else:
            yield blob


def _order(blob: mirrors.Blob) -> tuple[bool, bytes, str]:
    """Code before text about it; whole folders in a random but stable order, so that a repository that is cut
    keeps folders from everywhere, and a file keeps its neighbours."""
    folder = str(PurePosixPath(blob.path).parent)
    return language_of(blob.path) in SECONDARY, blake2b(folder.encode(), digest_size=8).digest(), blob.path


def _below(path: str, folders: set[str] | dict[str, str]) -> bool:
    return bool(folders) and any(str(parent) in folders for parent in PurePosixPath(path).parents)
