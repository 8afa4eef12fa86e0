"""Windows on disk as shuffled batches. Which windows a step sees depends on its number alone, so a run can resume."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .documents import GIVEN


@dataclass(frozen=True)
class Batch:
    """Row i: the target of ids[t] is targets[t] = ids[t + 1]; the last one of a window is GIVEN."""

    ids: Tensor  # (B, T) int64
    targets: Tensor  # (B, T) int64
    roles: Tensor  # (B, T) int64, of the targets
    labels: np.ndarray  # (B, 2) kind and language


class WindowPool:
    """All windows of one epoch, from one folder or several."""

    def __init__(self, folders: list[Path]) -> None:
        stems = [str(path).removesuffix(".json") for folder in folders for path in sorted(folder.glob("*.json"))]
        arrays = ("tokens", "roles", "labels")
        parts = [[np.load(f"{at}.{name}.npy", mmap_mode="r") for name in arrays] for at in stems]
        self.parts = [part for part in parts if len(part[0])]
        if not self.parts:
            raise FileNotFoundError(f"no windows in {', '.join(map(str, folders))}")
        self.ends = np.cumsum([len(tokens) for tokens, _, _ in self.parts])

    def __len__(self) -> int:
        return int(self.ends[-1])

    def rows(self, indices: np.ndarray) -> Batch:
        """The windows of the given numbers, in that order."""
        part_of = np.searchsorted(self.ends, indices, side="right")
        picked = []
        for part, index in zip(part_of, indices, strict=True):
            at = index - (self.ends[part - 1] if part else 0)
            picked.append([array[at] for array in self.parts[part]])
        tokens, roles, labels = (np.stack(column) for column in zip(*picked, strict=True))
        ids = torch.from_numpy(tokens.astype(np.int64))
        shifted = torch.from_numpy(roles.astype(np.int64)).roll(-1, 1)
        shifted[:, -1] = GIVEN
        return Batch(ids, ids.roll(-1, 1), shifted, labels)


class Schedule:
    """Which windows each step takes: a fresh shuffle an epoch; the epochs on disk are read in turn."""

    def __init__(self, folders: list[Path], seed: int) -> None:
        epochs = sorted({path.name for folder in folders for path in folder.glob("epoch-*")})
        if not epochs:
            raise FileNotFoundError(f"no epoch-* in {', '.join(map(str, folders))}")
        self.pools = [WindowPool([folder / epoch for folder in folders]) for epoch in epochs]
        self.seed = seed
        self.orders: dict[int, np.ndarray] = {}

    @property
    def window(self) -> int:
        """Tokens of a window."""
        return self.pools[0].parts[0][0].shape[1]

    @cached_property
    def lengths(self) -> np.ndarray:
        return np.array([len(pool) for pool in self.pools])

    def batch(self, first: int, count: int) -> Batch:
        """Windows `first` to `first + count` of the whole run."""
        per_cycle = int(self.lengths.sum())
        parts = []
        while count:
            cycle, within = divmod(first, per_cycle)
            place = int(np.searchsorted(np.cumsum(self.lengths), within, side="right"))
            within -= int(self.lengths[:place].sum())
            take = min(count, int(self.lengths[place]) - within)
            order = self.order(cycle * len(self.pools) + place, len(self.pools[place]))
            parts.append(self.pools[place].rows(order[within : within + take]))
            first, count = first + take, count - take
        columns = [torch.cat([getattr(part, name) for part in parts]) for name in ("ids", "targets", "roles")]
        return Batch(*columns, np.concatenate([part.labels for part in parts]))

    def order(self, epoch: int, length: int) -> np.ndarray:
        if epoch not in self.orders:
            self.orders = {epoch: np.random.default_rng([self.seed, epoch]).permutation(length)}
        return self.orders[epoch]
