"""MinHash signatures of texts with numpy (Broder 1997): the share of equal entries estimates Jaccard similarity.

What is compared are shingles of five words, as in BigCode's deduplication. Every step works on whole arrays;
no Python loop runs over words.
"""

import numpy as np

PERMUTATIONS = 128
SHINGLE = 5

_LONGEST = 300_000  # bytes of a text that are looked at; filters.LARGEST_CODE is below
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse modulo 2^64


class Hasher:
    """The tables for signatures: powers of the base, and the coefficients of the permutations."""

    def __init__(self, seed: int = 1) -> None:
        random = np.random.default_rng(seed)
        inverse = np.uint64(pow(int(_BASE), -1, 2**64))
        self._powers = np.multiply.accumulate(np.full(_LONGEST, _BASE))
        self._inverses = np.multiply.accumulate(np.full(_LONGEST, inverse))
        self._multipliers = random.integers(0, 2**32, PERMUTATIONS, dtype=np.uint32) | np.uint32(1)
        self._offsets = random.integers(0, 2**32, PERMUTATIONS, dtype=np.uint32)
        self._places = random.integers(0, 2**63, SHINGLE, dtype=np.uint64) | np.uint64(1)
        self._is_word = np.array([b >= 128 or chr(b).isalnum() or b == ord("_") for b in range(256)])

    def signature(self, text: str) -> np.ndarray:
        """(PERMUTATIONS,) uint32; all ones for a text without words."""
        shingles = self.shingles(text)  # (N,) uint32
        lowest = np.full(PERMUTATIONS, 0xFFFFFFFF, dtype=np.uint32)
        for start in range(0, len(shingles), 2048):  # 2,048 x 128 entries stay in the cache
            part = shingles[None, start : start + 2048] * self._multipliers[:, None] + self._offsets[:, None]
            np.minimum(lowest, part.min(axis=1), out=lowest)
        return lowest

    def shingles(self, text: str) -> np.ndarray:
        """Hashes of every five words in a row, (N,) uint32; of all words where there are fewer."""
        words = self._words(text)
        if len(words) == 0:
            return np.empty(0, dtype=np.uint32)
        count = max(1, len(words) - SHINGLE + 1)
        hashes = np.zeros(count, dtype=np.uint64)
        for place, multiplier in enumerate(self._places):
            part = words[place : place + count]
            hashes[: len(part)] += part * multiplier
        return (_mix(hashes) >> np.uint64(32)).astype(np.uint32)

    def _words(self, text: str) -> np.ndarray:
        data = np.frombuffer(text.encode()[: _LONGEST - 1], dtype=np.uint8)
        edges = np.diff(self._is_word[data].astype(np.int8), prepend=0, append=0)
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        # A word's polynomial is a difference of prefix sums, moved back to the power zero.
        sums = np.zeros(len(data) + 1, dtype=np.uint64)
        np.cumsum((data.astype(np.uint64) + np.uint64(1)) * self._powers[: len(data)], out=sums[1:])
        return _mix((sums[ends] - sums[starts]) * self._inverses[starts])


def similarity(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Estimated Jaccard similarity of signatures, along the last axis."""
    return (left == right).mean(axis=-1)


def _mix(hashes: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64: every bit of the input moves every bit of the output."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
