"""`python3 -m corpus`: the stages in order, each of which takes up where it stopped.

pin looks at new mirrors and puts those that may be used on the list; all the others follow the list.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from . import benchmarks, deduplicate, minhash, mirrors, pack, read, report, repositories, reserved


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="corpus", description="Builds the training corpus.")
    stages = {"pin": _pin, "clone": _clone, "benchmarks": _benchmarks, "read": _read}
    stages |= {"deduplicate": _deduplicate, "pack": _pack, "report": _report}
    parser.add_argument("stage", choices=[*stages, "all"], help="all: read, deduplicate, pack, report")
    parser.add_argument("--list", type=Path, default=repositories.LIST, help="the list of repositories")
    parser.add_argument("--mirrors", type=Path, required=True, help="bare mirrors, owner+name each")
    parser.add_argument("--out", type=Path, default=Path("corpus-out"), help="where the corpus is built")
    options = parser.parse_args(arguments)
    for stage in ("read", "deduplicate", "pack", "report") if options.stage == "all" else (options.stage,):
        began = time.monotonic()
        stages[stage](options)
        _note_seconds(options.out, stage, time.monotonic() - began)


def _pin(options: argparse.Namespace) -> None:
    """Puts mirrors that are not on the list yet on it; says why where one may not."""
    rows = {row.name: row for row in repositories.load(options.list)}
    for name in mirrors.list_mirrors(options.mirrors):
        if name not in rows:
            try:
                rows[name] = repositories.examine(mirrors.find_mirror(options.mirrors, name), name)
            except repositories.RefusedError as refused:
                print(f"refused {name}: {refused}", file=sys.stderr)
    repositories.save(rows.values(), options.list)
    print(f"{len(rows)} repositories on the list")


def _clone(options: argparse.Namespace) -> None:
    """Fetches the listed commits that have no mirror yet."""
    for row in repositories.load(options.list):
        if mirrors.find_mirror(options.mirrors, row.name) is None:
            print(f"clone {row.name}")
            mirrors.clone(options.mirrors, row.name, row.commit)


def _benchmarks(options: argparse.Namespace) -> None:
    """Makes benchmarks.hashes again from the folder `--mirrors`/benchmarks of .jsonl and .jsonl.gz files."""
    folder = options.mirrors / "benchmarks"
    print(f"{benchmarks.write_hashes(benchmarks.read_problems(folder))} hashes")


def _read(options: argparse.Namespace) -> None:
    for row in repositories.load(options.list):
        git_dir = mirrors.find_mirror(options.mirrors, row.name)
        counts_path = options.out / "read" / f"{row.file_name}.json"
        if git_dir is None and not counts_path.exists():
            print(f"no mirror of {row.name}: run clone, or fetch it", file=sys.stderr)
        elif git_dir is not None:
            files, size = read.read_repository(git_dir, row, options.out / "read")["kept"]
            print(f"read {row.name}: {files:,} files, {size / 1e6:.1f} MB", flush=True)
    # Reserved repositories only to tell copies of their files by: their text goes to no shard.
    for name in reserved.RESERVED:
        if git_dir := mirrors.find_mirror(options.mirrors, name):
            row = repositories.Repository(name, mirrors.head_commit(git_dir), "", "")
            read.read_repository(git_dir, row, options.out / "reserved", reserved=True)


def _deduplicate(options: argparse.Namespace) -> None:
    hasher = minhash.Hasher()
    names = _read_names(options)
    for name in names:
        target = options.out / "signatures" / f"{name}.npz"
        deduplicate.compute_signatures(options.out / "read" / f"{name}.jsonl", target, hasher)
    own = []
    for path in sorted((options.out / "reserved").glob("*.jsonl")):
        own.append(options.out / "signatures" / "reserved" / f"{path.stem}.npz")
        deduplicate.compute_signatures(path, own[-1], hasher)
    found = deduplicate.find_duplicates(names, options.out / "signatures", own)
    _write(options.out / "duplicates.json", found)
    counts: Counter[str] = Counter()
    for reasons in found.values():
        counts.update({why: len(lines) for why, lines in reasons.items()})
    print(f"duplicates: {dict(counts)}; compared with {len(own)} reserved repositories")


def _pack(options: argparse.Namespace) -> None:
    found = json.loads((options.out / "duplicates.json").read_text())
    # Only what deduplicate has seen: a repository read since then waits for the next round.
    names = [name for name in _read_names(options) if name in found]
    _write(options.out / "packed.json", pack.pack(options.out / "read", names, found, options.out))


def _report(options: argparse.Namespace) -> None:
    found = json.loads((options.out / "duplicates.json").read_text())
    folder = options.out / "read"
    sizes: Counter[str] = Counter()
    for name, reasons in found.items():
        why = {line: reason for reason, lines in reasons.items() for line in lines}
        if why:
            with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
                for number, line in enumerate(lines):
                    if number in why:
                        sizes[why[number]] += len(json.loads(line)["text"].encode())
    made = report.make_report(
        repositories.load(options.list),
        {name: json.loads((folder / f"{name}.json").read_text()) for name in found},
        found,
        sizes,
        json.loads((options.out / "packed.json").read_text()),
        _seconds(options.out),
    )
    _write(options.out / "report.json", made)
    (options.out / "report.md").write_text(report.as_markdown(made), encoding="utf-8")
    print(report.as_markdown(made))


def _read_names(options: argparse.Namespace) -> list[str]:
    """owner+name of the listed repositories that have been read to the end."""
    names = (row.file_name for row in repositories.load(options.list))
    return [name for name in names if (options.out / "read" / f"{name}.json").exists()]


def _seconds(out: Path) -> dict[str, float]:
    path = out / "seconds.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _note_seconds(out: Path, stage: str, value: float) -> None:
    """Adds the time of a run: a corpus that was read in three runs took their sum."""
    seconds = _seconds(out)
    earlier = seconds.get(stage, 0) if stage in ("read", "clone", "pin") else 0
    _write(out / "seconds.json", seconds | {stage: earlier + value})


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(data, indent=1), encoding="utf-8")
    partial.rename(path)


if __name__ == "__main__":
    main()
