"""Brings the languages to their shares: which folders stay, and which side of the split a repository is on.

Knows sizes and names only, never text.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import PurePosixPath

from .languages import SHARES, group_of

VALID_SHARE = 0.02
# The two languages that the corpus is for are kept whole; the others may have this much over their share.
SLACK = 1.25
_WHOLE = (("typescript", "javascript"), ("python",))


def is_valid(repository: str) -> bool:
    """Whether a repository is held out. By name alone, so that it stays so as the corpus grows."""
    return _fraction("split", repository.lower()) < VALID_SHARE


def keep_shares(sizes: Mapping[str, int]) -> dict[str, float]:
    """Language -> the share of it that stays, from bytes a language."""
    groups: Counter[tuple[str, ...]] = Counter()
    for language, size in sizes.items():
        groups[group_of(language)] += size
    total = sum(groups[group] for group in _WHOLE) / sum(SHARES[group] for group in _WHOLE)
    keep = {}
    for language in sizes:
        group = group_of(language)
        allowed = SLACK * SHARES[group] * total
        keep[language] = 1.0 if group in _WHOLE or not total else min(1.0, allowed / max(1, groups[group]))
    return keep


def stays(repository: str, path: str, share: float) -> bool:
    """Whether a file is in the share of its language that stays: whole folders, drawn by name."""
    return share >= 1 or _fraction("mix", repository, str(PurePosixPath(path).parent)) < share


def assign_shards(sizes: Mapping[str, Mapping[str, int]], shards: int) -> list[list[str]]:
    """Repositories to shards so that each shard is a mixture like the whole.

    `sizes`: repository -> language -> bytes. Largest first, each to the shard where it does least to the sum of
    squares of (bytes a language, as a share of the language's total) plus that of all bytes.
    """
    totals = _sum(sizes.values())
    whole = max(1, totals.total())
    assigned: list[list[str]] = [[] for _ in range(shards)]
    held: list[Counter[str]] = [Counter() for _ in range(shards)]
    for repository in sorted(sizes, key=lambda name: (-sum(sizes[name].values()), name)):
        own = sizes[repository]

        def cost(shard: int, own: Mapping[str, int] = own) -> float:
            here = held[shard]
            languages = sum(
                (totals[language] / whole) * (size * (2 * here[language] + size)) / totals[language] ** 2
                for language, size in own.items()
                if size
            )
            size = sum(own.values())
            return languages + size * (2 * here.total() + size) / whole**2

        shard = min(range(shards), key=cost)
        assigned[shard].append(repository)
        held[shard].update(own)
    # The order inside a shard: drawn, so that no language comes in a block.
    return [sorted(names, key=lambda name: _fraction("order", name)) for names in assigned]


def _sum(counters: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _fraction(*key: str) -> float:
    digest = blake2b("\0".join(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2**64
