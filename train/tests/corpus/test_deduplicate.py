"""MinHash estimates Jaccard similarity, and duplicates are found over all repositories."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from samples import code

from corpus.deduplicate import compute_signatures, find_duplicates
from corpus.minhash import PERMUTATIONS, Hasher, similarity

HASHER = Hasher()


def words(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [f"w{draw.randrange(10**9)}" for _ in range(count)]


def jaccard(left: str, right: str) -> float:
    def shingles(text: str) -> set[tuple[str, ...]]:
        parts = text.split()
        return {tuple(parts[i : i + 5]) for i in range(len(parts) - 4)}

    a, b = shingles(left), shingles(right)
    return len(a & b) / len(a | b)


@pytest.mark.parametrize("changed", [0, 5, 20, 60, 400])
def test_the_share_of_equal_entries_estimates_jaccard(changed: int) -> None:
    left = words(1_000, 1)
    right = left.copy()
    for place, word in zip(random.Random(changed).sample(range(1_000), changed), words(changed, 2), strict=True):
        right[place] = word
    texts = " ".join(left), " ".join(right)
    estimate = similarity(*map(HASHER.signature, texts))
    # Four standard errors of a mean of 128 draws.
    assert abs(estimate - jaccard(*texts)) <= 4 * np.sqrt(0.25 / PERMUTATIONS)


def test_only_words_count_and_odd_texts_have_signatures() -> None:
    same = HASHER.signature("if (a_b) { return c.d(é, 1) }"), HASHER.signature("if a_b\n\treturn c d é; 1")
    assert (same[0] == same[1]).all()
    assert (HASHER.signature("") == 0xFFFFFFFF).all()
    assert HASHER.signature("one").shape == (PERMUTATIONS,)


def write(folder: Path, name: str, texts: list[str]) -> None:
    rows = [{"path": f"{i}.py", "language": "python", "text": text} for i, text in enumerate(texts)]
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    compute_signatures(path, folder / f"{name}.npz", HASHER)


def test_of_copies_one_stays_and_the_reason_is_told(tmp_path: Path) -> None:
    unique = [code(seed) for seed in range(1, 9)]
    near = code(1).replace("step_1_3(", "renamed(")
    write(tmp_path, "a+one", unique)
    write(tmp_path, "b+two", [near, code(2).replace("\n", "\n\n"), code(20)])
    found = find_duplicates(["a+one", "b+two"], tmp_path)
    gone = {(why, line) for reasons in found.values() for why, lines in reasons.items() for line in lines}
    assert {why for why, _ in gone} == {"exact duplicate", "near duplicate"}
    assert len(gone) == 2


def test_the_result_does_not_depend_on_the_order_of_names(tmp_path: Path) -> None:
    for name, seeds in {"a+x": (1, 2), "b+y": (2, 3), "c+z": (3, 1)}.items():
        write(tmp_path, name, [code(seed) for seed in seeds])
    assert find_duplicates(["a+x", "b+y", "c+z"], tmp_path) == find_duplicates(["c+z", "b+y", "a+x"], tmp_path)


def test_a_file_with_a_benchmark_goes(tmp_path: Path) -> None:
    write(tmp_path, "a+x", [code(1), code(2) + "def has_close_elements(numbers, threshold): ...\n"])
    assert find_duplicates(["a+x"], tmp_path) == {"a+x": {"benchmark": [1]}}


def test_an_empty_repository_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "a+empty", [])
    write(tmp_path, "b+full", [code(1)])
    assert find_duplicates(["a+empty", "b+full"], tmp_path) == {"a+empty": {}, "b+full": {}}


def test_signatures_are_computed_once(tmp_path: Path) -> None:
    write(tmp_path, "a+x", [code(1)])
    before = (tmp_path / "a+x.npz").stat().st_mtime_ns
    compute_signatures(tmp_path / "a+x.jsonl", tmp_path / "a+x.npz", HASHER)
    assert (tmp_path / "a+x.npz").stat().st_mtime_ns == before
