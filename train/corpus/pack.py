"""Writes the shards: train/*.jsonl.xz and valid/*.jsonl.xz, a line a file, a repository's files together.

A shard is at most 46 MiB, because it travels to a GPU machine in a call of 64 MiB beside the working tree, and is a
mixture like the whole, because it may travel alone.
"""

import json
import lzma
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import mix

SHARD_LIMIT = 46 * 2**20  # compressed bytes
# Of 6 MB of this corpus preset 6 makes 0.127 bytes a byte at 3.0 MB/s, 4 makes 0.138 at 5.4, 2 makes 0.144 at 14.
_PRESET = 6
# The compression is measured over this many repositories drawn, and this many bytes of each.
_SAMPLE_REPOSITORIES, _SAMPLE = 12, 2_000_000
_MARGIN = 1.1


def pack(read: Path, names: list[str], duplicates: Mapping[str, Mapping[str, list[int]]], target: Path) -> dict:
    """Shards below `target` from the read repositories `names` (owner+name); what was mixed out and written.

    Returns {"mixed out": {language: [files, bytes]}, "repositories": {name: {language: [files, bytes]}},
    "shards": {path: {"bytes", "text", "repositories", "languages"}}}.
    """
    gone = {name: {line for lines in duplicates.get(name, {}).values() for line in lines} for name in names}
    sizes: Counter[str] = Counter()
    for name in names:
        for document in _documents(read, name, gone[name]):
            sizes[document["language"]] += document["size"]
    shares = mix.keep_shares(sizes)

    mixed_out: dict[str, list[int]] = {}
    written: dict[str, dict[str, list[int]]] = {}
    for name in names:
        for document in _documents(read, name, gone[name]):
            stays = mix.stays(name, document["path"], shares[document["language"]])
            counts = written.setdefault(name, {}) if stays else mixed_out
            count = counts.setdefault(document["language"], [0, 0])
            count[0] += 1
            count[1] += document["size"]
            if not stays:
                gone[name].add(document["line"])

    shards: dict[str, dict] = {}
    for split in ("train", "valid"):
        folder = target / split
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.jsonl.xz"):
            old.unlink()
        own = {
            name: {language: count[1] for language, count in counts.items()}
            for name, counts in written.items()
            if mix.is_valid(name.replace("+", "/", 1)) == (split == "valid")
        }
        if own:
            shards.update(_write_split(read, own, gone, folder))
    return {"mixed out": mixed_out, "repositories": written, "shards": shards}


def _write_split(read: Path, sizes: Mapping[str, Mapping[str, int]], gone: Mapping, folder: Path) -> dict[str, dict]:
    total = sum(sum(own.values()) for own in sizes.values())
    count = max(1, math.ceil(total * _ratio(read, sizes, gone) * _MARGIN / SHARD_LIMIT))
    while True:
        shards: dict[str, dict] = {}
        for index, names in enumerate(mix.assign_shards(sizes, count)):
            path = folder / f"{index:03d}.jsonl.xz"
            shards[f"{folder.name}/{path.name}"] = _write_shard(read, names, gone, path)
        if all(shard["bytes"] <= SHARD_LIMIT for shard in shards.values()):
            return shards
        if count >= len(sizes):
            raise ValueError(f"{folder}: a repository alone is over {SHARD_LIMIT} bytes")
        count += 1


def _write_shard(read: Path, names: list[str], gone: Mapping, path: Path) -> dict:
    languages: Counter[str] = Counter()
    with lzma.open(path, "wt", encoding="utf-8", preset=_PRESET) as lines:
        for name in names:
            for document in _documents(read, name, gone[name]):
                row = {"repo": name.replace("+", "/", 1)}
                row |= {key: document[key] for key in ("path", "language", "text")}
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
                languages[document["language"]] += document["size"]
    return {
        "bytes": path.stat().st_size,
        "text": languages.total(),
        "repositories": len(names),
        "languages": dict(languages.most_common()),
    }


def _ratio(read: Path, sizes: Mapping[str, Mapping[str, int]], gone: Mapping) -> float:
    """Compressed bytes a byte of text, over a sample."""
    compressor = lzma.LZMACompressor(preset=_PRESET)
    compressed = text = 0
    for name in mix.assign_shards(sizes, 1)[0][:_SAMPLE_REPOSITORIES]:
        until = text + _SAMPLE
        for document in _documents(read, name, gone[name]):
            compressed += len(compressor.compress(document["text"].encode()))
            text += document["size"]
            if text > until:
                break
    return (compressed + len(compressor.flush())) / max(1, text)


def _documents(read: Path, name: str, gone: set[int]) -> Iterator[dict]:
    """The lines of a read repository that stay, with their number and their size in bytes."""
    with (read / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number not in gone:
                document = json.loads(line)
                yield document | {"line": number, "size": len(document["text"].encode())}
