"""Finds files that are the same or nearly so, over all repositories: exact by hash, near by MinHash and bands.
Those that hold a benchmark's problems go here too: what must not be known is compared with in one place.

Signatures are kept a repository a file, so that a corpus that grows computes only the new ones. Reserved
repositories come first in the order, so that whatever resembles them is the copy and goes.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

import numpy as np

from .benchmarks import HASHES, contains_benchmark
from .languages import SECONDARY
from .minhash import PERMUTATIONS, Hasher, similarity

JACCARD = 0.8
# 16 bands of 8 rows: a pair at 0.8 meets in a band with probability 0.95, one at 0.9 with 0.9999.
BANDS, ROWS = 16, 8
# A repository with this share of its code in a reserved repository is a fork of it.
FORK_SHARE = 0.1


def compute_signatures(documents_path: Path, target: Path, hasher: Hasher) -> None:
    """Signatures of one read repository into `target` (.npz), unless they are newer than what they are made of."""
    made_of = max(path.stat().st_mtime for path in (documents_path, HASHES))
    if target.exists() and target.stat().st_mtime >= made_of:
        return
    exact, near, code, benchmark = [], [], [], []
    with documents_path.open(encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            exact.append(_normalised_hash(document["text"]))
            near.append(hasher.signature(document["text"]))
            code.append(document["language"] not in SECONDARY)
            benchmark.append(contains_benchmark(document["text"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part.npz")
    np.savez(
        partial,
        exact=np.array(exact, dtype=np.uint64),
        near=np.array(near, dtype=np.uint32).reshape(len(near), PERMUTATIONS),
        code=np.array(code, dtype=bool),
        benchmark=np.array(benchmark, dtype=bool),
    )
    partial.rename(target)


Found = dict[str, dict[str, list[int]]]


def find_duplicates(names: list[str], folder: Path, reserved: Iterable[Path] = ()) -> Found:
    """For each repository (owner+name) the line numbers that go, by reason.

    Reasons: "benchmark", "exact duplicate", "near duplicate", "copy of reserved", "fork of reserved".
    `folder` holds the repositories' signatures, `reserved` names the files of the reserved ones.
    """
    reserved = sorted(reserved)
    # Who keeps a file that two have is drawn, but always alike.
    names = sorted(names, key=lambda name: blake2b(name.encode(), digest_size=8).digest())
    parts = [np.load(path) for path in [*reserved, *(folder / f"{name}.npz" for name in names)]]
    exact = np.concatenate([part["exact"] for part in parts])
    near = np.concatenate([part["near"] for part in parts])
    bounds = np.cumsum([0, *(len(part["exact"]) for part in parts)])
    first_own = bounds[len(reserved)]

    _, first, inverse = np.unique(exact, return_index=True, return_inverse=True)
    same_as = first[inverse]  # (N,): the first document with this text
    distinct = np.flatnonzero(same_as == np.arange(len(exact)))
    near_as = np.arange(len(exact))
    near_as[distinct] = distinct[_clusters(near[distinct])]
    near_as = near_as[same_as]

    found: dict[str, dict[str, list[int]]] = {}
    for index, name in enumerate(names, start=len(reserved)):
        lines = np.arange(bounds[index], bounds[index + 1])
        is_reserved = near_as[lines] < first_own
        is_benchmark = ~is_reserved & parts[index]["benchmark"]
        known = is_reserved | is_benchmark
        is_exact = ~known & (same_as[lines] != lines)
        is_near = ~known & ~is_exact & (near_as[lines] != lines)
        code = parts[index]["code"]
        if (is_reserved & code).sum() > FORK_SHARE * max(1, code.sum()):
            found[name] = {"fork of reserved": list(range(len(lines)))}
            continue
        reasons = {"copy of reserved": is_reserved, "benchmark": is_benchmark}
        reasons |= {"exact duplicate": is_exact, "near duplicate": is_near}
        found[name] = {why: np.flatnonzero(mask).tolist() for why, mask in reasons.items() if mask.any()}
    return found


def _clusters(signatures: np.ndarray) -> np.ndarray:
    """(N, PERMUTATIONS) -> (N,): the lowest index among those that each is linked to by near duplicates."""
    parents = list(range(len(signatures)))

    def root(node: int) -> int:
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for left, right in _near_pairs(signatures):
        low, high = sorted((root(left), root(right)))
        parents[high] = low
    return np.array([root(node) for node in range(len(signatures))], dtype=np.int64)


def _near_pairs(signatures: np.ndarray) -> list[tuple[int, int]]:
    """Pairs that share a band and whose signatures agree in JACCARD of their entries.

    In a band each member of a group is held against the group's first and against its neighbour: enough to
    link a cluster, and linear where all pairs of a licence header would be quadratic.
    """
    pairs = [np.empty((0, 2), dtype=np.int64)]
    multipliers = np.random.default_rng(2).integers(0, 2**63, ROWS, dtype=np.uint64) | np.uint64(1)
    for band in range(BANDS):
        rows = signatures[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        keys = ((rows + np.uint64(1)) * multipliers).sum(axis=1, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        new_group = np.diff(keys[order], prepend=~keys[order[:1]]) != 0
        head = order[np.maximum.accumulate(np.where(new_group, np.arange(len(order)), 0))]
        again = np.flatnonzero(~new_group)
        pairs.append(np.stack([head[again], order[again]], axis=1))
        pairs.append(np.stack([order[again - 1], order[again]], axis=1))
    candidates = np.unique(np.concatenate(pairs), axis=0)
    near: list[tuple[int, int]] = []
    for start in range(0, len(candidates), 100_000):
        part = candidates[start : start + 100_000]
        close = similarity(signatures[part[:, 0]], signatures[part[:, 1]]) >= JACCARD
        near.extend(map(tuple, part[close].tolist()))
    return near


def _normalised_hash(text: str) -> int:
    """White space does not count."""
    return int.from_bytes(blake2b("".join(text.split()).encode(), digest_size=8).digest(), "little")
