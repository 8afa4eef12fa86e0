"""From mirrors to shards: what is read, that it is read once, and what the shards hold."""

import json
import lzma
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import MIT, code

from corpus import mirrors, mix, pack, read, repositories
from corpus.__main__ import main
from corpus.languages import SHARES


def shard_rows(out: Path, split: str) -> list[dict]:
    rows = []
    for path in sorted((out / split).glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            rows.extend(json.loads(line) for line in lines)
    return rows


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., None]:
    options = ["--list", str(tmp_path / "list.tsv"), "--mirrors", str(tmp_path / "mirrors")]
    return lambda *stages: [main([stage, *options, "--out", str(tmp_path / "out")]) for stage in stages]


def test_from_mirrors_to_shards_and_report(tmp_path: Path, make_mirror: Callable, run: Callable) -> None:
    held_out = next(number for number in range(1_000) if mix.is_valid(f"o/r{number}"))
    for number in (1, 2, 3, 4, 5, held_out):
        name = f"o/r{number}"
        files = {"src/a.py": code(2 * number + 1), "src/b.py": code(2 * number + 2), "dist/c.py": code(999)}
        make_mirror(name, {"LICENSE": MIT, "README.md": f"# {name}\n" + "words of prose. " * number, **files})
    run("pin", "all")
    train, valid = shard_rows(tmp_path / "out", "train"), shard_rows(tmp_path / "out", "valid")
    assert set(train[0]) == {"repo", "path", "language", "text"}
    assert {row["repo"] for row in train} == {f"o/r{number}" for number in range(1, 6)}
    assert {row["repo"] for row in valid} == {f"o/r{held_out}"}
    assert not [row for row in train if row["path"].startswith("dist/")]
    order = [row["repo"] for row in train]
    assert len(set(order)) == sum(a != b for a, b in zip(order, ["", *order], strict=False))
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["bytes"] == sum(len(row["text"].encode()) for row in train + valid)
    assert report["licences"]["MIT"][0] == report["repositories"] == 6
    assert report["dropped"]["generated (path)"][0] == 6


def test_a_repository_that_was_read_is_not_read_again(tmp_path: Path, make_mirror: Callable, run: Callable) -> None:
    make_mirror("o/one", {"LICENSE": MIT, "a.py": code(1)})
    run("pin", "read")
    documents = tmp_path / "out" / "read" / "o+one.jsonl"
    before = documents.stat().st_mtime_ns
    make_mirror("o/two", {"LICENSE": MIT, "a.py": code(2)})
    run("pin", "read")
    assert documents.stat().st_mtime_ns == before
    assert (tmp_path / "out" / "read" / "o+two.json").exists()


def test_a_repository_without_a_permissive_licence_is_not_listed(tmp_path: Path, make_mirror: Callable, run) -> None:
    make_mirror("o/none", {"a.py": code(1)})
    make_mirror("o/gpl", {"LICENSE": "GNU General Public License", "a.py": code(2)})
    run("pin")
    assert repositories.load(tmp_path / "list.tsv") == []


def test_folders_under_another_licence_and_reserved_packages_are_left_out(make_mirror: Callable) -> None:
    files = {"LICENSE": MIT, "a.py": code(1), "ee/LICENSE": "Ask us for a licence.", "ee/deep/b.py": code(2)}
    files |= {
        "copy/setup.py": "setup(name='celery')\n" * 3,
        "copy/c.py": code(3),
        "ok/LICENSE": MIT,
        "ok/d.py": code(4),
    }
    mirror = make_mirror("o/mixed", files)
    dropped: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    paths = [document["path"] for document in read.documents(mirror, mirrors.head_commit(mirror), dropped)]
    assert sorted(paths) == ["a.py", "ok/d.py"]
    assert dropped["refused licence (folder)"][0] == 1
    assert dropped["reserved (package)"][0] == 2


def test_a_large_repository_is_cut_and_its_code_goes_first(
    tmp_path: Path, make_mirror: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "REPOSITORY_LIMIT", 20_000)
    monkeypatch.setattr(read, "SECONDARY_LIMIT", 2_000)
    files = {f"d{i}/a.py": code(i) for i in range(1, 20)} | {"docs.md": "prose here. " * 100}
    mirror = make_mirror("o/large", {"LICENSE": MIT, **files})
    row = repositories.examine(mirror, "o/large")
    counts = read.read_repository(mirror, row, tmp_path / "read")
    assert 15_000 < counts["kept"][1] <= 20_000
    assert counts["dropped"]["over the repository's limit"][0] > 0
    first = json.loads((tmp_path / "read" / "o+large.jsonl").read_text().splitlines()[0])
    assert first["language"] == "python"


def test_windows_line_ends_and_bytes_that_are_not_utf8(make_mirror: Callable) -> None:
    text = code(1).replace("\n", "\r\n")
    mirror = make_mirror("o/odd", {"a.py": "\ufeff" + text, "b.py": b"\xff\xfe" * 100, "c.py": "a\0b" * 100})
    documents = list(read.documents(mirror, mirrors.head_commit(mirror), {"not UTF-8": [0, 0]}))
    assert [document["text"] for document in documents] == [code(1)]


def test_a_clone_of_one_commit_is_a_mirror(tmp_path: Path, make_mirror: Callable) -> None:
    origin = make_mirror("o/one", {"LICENSE": MIT, "a.py": code(1)})
    commit = mirrors.head_commit(origin)
    base = tmp_path / "served" / "o"
    base.mkdir(parents=True)
    (base / "one").symlink_to(origin)
    clone = mirrors.clone(tmp_path / "clones", "o/one", commit, base=f"file://{tmp_path}/served/")
    assert mirrors.find_mirror(tmp_path / "clones", "o/one") == clone
    assert [blob.path for blob in mirrors.list_blobs(clone, commit)] == ["LICENSE", "a.py"]


def test_shares_sum_to_one_and_other_languages_are_brought_down_to_theirs() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)
    keep = mix.keep_shares({"typescript": 350, "python": 250, "json": 1_000, "go": 70})
    assert keep["typescript"] == keep["python"] == keep["go"] == 1
    assert keep["json"] == pytest.approx(mix.SLACK * 0.01 * 1_000 / 1_000)


def test_every_shard_is_a_mixture_like_the_whole() -> None:
    sizes = {f"ts{i}": {"typescript": 100 + i} for i in range(20)} | {f"go{i}": {"go": 50 + i} for i in range(20)}
    shards = mix.assign_shards(sizes, 4)
    assert sorted(name for names in shards for name in names) == sorted(sizes)
    for names in shards:
        share = sum(sizes[n].get("go", 0) for n in names) / sum(sum(sizes[n].values()) for n in names)
        assert share == pytest.approx(0.35, abs=0.03)


def test_no_shard_is_over_the_limit(
    tmp_path: Path, make_mirror: Callable, run: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        make_mirror(f"o/r{number}", {"LICENSE": MIT, "a.py": code(number + 1, lines=200)})
    # What a measured ratio can get wrong: here it promises that everything fits into one.
    monkeypatch.setattr(pack, "SHARD_LIMIT", 3_000)
    monkeypatch.setattr(pack, "_ratio", lambda *_: 0.0)
    run("pin", "all")
    sizes = [path.stat().st_size for path in (tmp_path / "out" / "train").glob("*.jsonl.xz")]
    assert len(sizes) > 1
    assert max(sizes) <= 3_000


def test_about_two_in_a_hundred_repositories_are_held_out() -> None:
    held_out = sum(mix.is_valid(f"owner{i}/name{i}") for i in range(10_000))
    assert 150 < held_out < 250
