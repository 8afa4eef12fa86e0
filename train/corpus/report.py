"""The corpus report: bytes, files, languages, licences, repositories, shards, and what each filter dropped.

Knows counts only. `make_report` is data, `as_markdown` a page of tables of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from .languages import SHARES
from .repositories import Repository


def make_report(
    repositories: Iterable[Repository],
    counts: Mapping[str, Mapping],
    duplicates: Mapping[str, Mapping[str, list[int]]],
    duplicate_bytes: Mapping[str, int],
    packed: Mapping,
    seconds: Mapping[str, float],
) -> dict:
    """All figures. `counts`: read.py's counts by owner+name; `packed`: what pack.py returns; `seconds` a stage."""
    dropped: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for count in counts.values():
        for why, (files, size) in count["dropped"].items():
            dropped[why][0] += files
            dropped[why][1] += size
    for reasons in duplicates.values():
        for why, lines in reasons.items():
            dropped[why][0] += len(lines)
    for why, size in duplicate_bytes.items():
        dropped[why][1] += size
    for files, size in packed["mixed out"].values():
        dropped["over its language's share"][0] += files
        dropped["over its language's share"][1] += size

    languages: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    licences: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    sizes = {}
    by_name = {repository.file_name: repository for repository in repositories}
    for name, own in packed["repositories"].items():
        for language, (files, size) in own.items():
            languages[language][0] += files
            languages[language][1] += size
        sizes[by_name[name].name] = sum(size for _, size in own.values())
        licences[by_name[name].licence][0] += 1
        licences[by_name[name].licence][1] += sizes[by_name[name].name]
    return {
        "repositories": len(sizes),
        "files": sum(files for files, _ in languages.values()),
        "bytes": sum(size for _, size in languages.values()),
        "largest repositories": dict(Counter(sizes).most_common(10)),
        "languages": _by_size(languages),
        "licences": _by_size(licences),
        "dropped": _by_size(dropped),
        "shards": packed["shards"],
        "seconds": {stage: round(value, 1) for stage, value in seconds.items()},
    }


def as_markdown(report: Mapping) -> str:
    """The report as a Markdown page."""
    total = max(1, report["bytes"])
    aims = {language: SHARES[group] for group in SHARES for language in group[:1]}
    partners = {language: group[0] for group in SHARES for language in group[1:]}

    def aim(language: str) -> str:
        return f"with {partners[language]}" if language in partners else f"{aims[language]:.1%}"

    pages = [
        f"# Corpus\n\n{_mega(total)} MB of text in {report['files']:,} files of {report['repositories']} repositories.",
        _table(
            "Languages",
            ("language", "files", "MB", "share", "aim"),
            [(k, f"{f:,}", _mega(b), f"{b / total:.1%}", aim(k)) for k, (f, b) in report["languages"].items()],
        ),
        _table(
            "Licences",
            ("licence", "repositories", "MB"),
            [(k, f"{n}", _mega(b)) for k, (n, b) in report["licences"].items()],
        ),
        _table(
            "Dropped",
            ("filter", "files", "MB"),
            [(k, f"{f:,}", _mega(b)) for k, (f, b) in report["dropped"].items()],
        ),
        _table(
            "Shards",
            ("shard", "MiB compressed", "MB of text", "repositories", "largest languages"),
            [
                (path, f"{s['bytes'] / 2**20:.1f}", _mega(s["text"]), s["repositories"], _largest(s))
                for path, s in report["shards"].items()
            ],
        ),
        _table("Time", ("stage", "seconds"), [(k, f"{v:.0f}") for k, v in report["seconds"].items()]),
    ]
    return "\n\n".join(pages) + "\n"


def _largest(shard: Mapping) -> str:
    text = max(1, shard["text"])
    return ", ".join(f"{language} {size / text:.0%}" for language, size in list(shard["languages"].items())[:4])


def _by_size(counts: Mapping[str, list[int]]) -> dict[str, list[int]]:
    return dict(sorted(counts.items(), key=lambda item: -item[1][1]))


def _mega(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def _table(title: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(map(str, row)) for row in rows)]
    return f"## {title}\n\n" + "\n".join(f"| {line} |" for line in lines)
