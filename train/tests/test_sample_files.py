"""A sample of held-out files: languages and repositories in equal parts."""

from collections import Counter
from pathlib import Path

from sotto_train.sample_files import sample_files
from sotto_train.shards import SourceFile, write_shard


def corpus(folder: Path, **files_by_repo: tuple[str, int]) -> Path:
    write_shard(
        folder / "000.jsonl.xz",
        [
            SourceFile(repo, f"{repo}/{index}.ts", language, f"text {index}\n" * 100)
            for repo, (language, count) in files_by_repo.items()
            for index in range(count)
        ],
    )
    return folder


def test_takes_repositories_in_turn(tmp_path: Path) -> None:
    valid = corpus(tmp_path, large=("typescript", 90), small=("typescript", 3))
    sampled = sample_files(valid, 10, ["typescript"], seed=0)
    assert Counter(file.repo for file in sampled) == {"large": 7, "small": 3}
    assert len({file.path for file in sampled}) == 10


def test_takes_as_many_of_each_language(tmp_path: Path) -> None:
    valid = corpus(tmp_path, a=("typescript", 20), b=("python", 20), c=("html", 20))
    sampled = sample_files(valid, 5, ["typescript", "python"], seed=0)
    assert [file.language for file in sampled] == ["typescript"] * 3 + ["python"] * 2


def test_leaves_out_short_files(tmp_path: Path) -> None:
    write_shard(tmp_path / "000.jsonl.xz", [SourceFile("a", "a/a.ts", "typescript", "export {};\n")])
    assert sample_files(tmp_path, 10, ["typescript"], seed=0) == []


def test_the_same_seed_takes_the_same(tmp_path: Path) -> None:
    valid = corpus(tmp_path, a=("typescript", 50))
    first, again, other = (sample_files(valid, 10, ["typescript"], seed) for seed in (1, 1, 2))
    assert first == again != other
