"""A sample of held-out files: languages and repositories in equal parts, and what lies beside them."""

from collections import Counter

from sotto_train.sample_files import NEIGHBOURS, neighbours, sample_files
from sotto_train.shards import SourceFile


def corpus(**files_by_repo: tuple[str, int]) -> list[SourceFile]:
    return [
        SourceFile(repo, f"{repo}/{index}.ts", language, f"text {index}\n" * 100)
        for repo, (language, count) in files_by_repo.items()
        for index in range(count)
    ]


def test_takes_repositories_in_turn() -> None:
    valid = corpus(large=("typescript", 90), small=("typescript", 3))
    sampled = sample_files(valid, 10, ["typescript"], seed=0)
    assert Counter(file.repo for file in sampled) == {"large": 7, "small": 3}
    assert len({file.path for file in sampled}) == 10


def test_takes_as_many_of_each_language() -> None:
    valid = corpus(a=("typescript", 20), b=("python", 20), c=("html", 20))
    sampled = sample_files(valid, 5, ["typescript", "python"], seed=0)
    assert [file.language for file in sampled] == ["typescript"] * 3 + ["python"] * 2


def test_leaves_out_short_files() -> None:
    files = [SourceFile("a", "a/a.ts", "typescript", "export {};\n")]
    assert sample_files(files, 10, ["typescript"], seed=0) == []


def test_the_same_seed_takes_the_same() -> None:
    valid = corpus(a=("typescript", 50))
    first, again, other = (sample_files(valid, 10, ["typescript"], seed) for seed in (1, 1, 2))
    assert first == again != other


def file(path: str, text: str = "text\n") -> SourceFile:
    return SourceFile("a", path, "typescript", text)


def test_the_nearest_neighbours_come_first() -> None:
    main = file("src/main.ts", "import { add } from '../lib/adder';\n")
    repository = [file("far/away.ts"), file("src/beside.ts"), main, file("lib/adder.ts")]
    found = neighbours(main, repository, seed=0)
    assert [other.path for other in found] == ["lib/adder.ts", "src/beside.ts", "far/away.ts"]


def test_few_neighbours_and_none_that_are_long() -> None:
    main, long = file("src/main.ts"), file("src/long.ts", "text\n" * 20_000)
    repository = [main, long, *(file(f"src/{index}.ts") for index in range(20))]
    found = neighbours(main, repository, seed=0)
    assert len(found) == NEIGHBOURS
    assert long not in found
    assert neighbours(main, repository, seed=0) == found != neighbours(main, repository, seed=1)
