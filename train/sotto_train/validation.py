"""Bits per byte of held-out windows, by language: of ordinary text, and of middles given what surrounds them."""

import math
from collections import defaultdict

import numpy as np
import torch

from .documents import MIDDLE, TEXT
from .make_windows import LANGUAGES
from .model import Transformer
from .splits import KINDS
from .window_pool import WindowPool


@torch.no_grad()
def bits_per_byte(
    model: Transformer, pool: WindowPool, byte_lengths: np.ndarray, count: int, batch: int
) -> dict[str, float]:
    """Reads `count` windows spread evenly over the pool, in whole batches.

    Names: `text` and `text/LANGUAGE` over windows read left to right; `middle` and `middle/KIND` over the tokens
    of middles. Bytes, so that vocabularies compare.
    """
    device = model.cos.device
    nats: dict[str, float] = defaultdict(float)
    size: dict[str, int] = defaultdict(int)
    count = max(batch, min(count, len(pool)) // batch * batch)  # one batch shape: one compiled graph
    places = np.arange(count) * len(pool) // count
    for first in range(0, count, batch):
        rows = pool.rows(places[first : first + batch])
        loss = model(rows.ids.to(device), rows.targets.to(device)).float().cpu().numpy()  # (B, T)
        lengths = byte_lengths[rows.targets.numpy()]
        roles = rows.roles.numpy()
        for row, (kind, language) in enumerate(rows.labels):
            text = "text" if KINDS[kind] == "left-to-right" else None
            for role, name, part in ((TEXT, text, LANGUAGES[language]), (MIDDLE, "middle", KINDS[kind])):
                # Special tokens have no bytes, and whether the model stops is measured elsewhere.
                at = (roles[row] == role) & (lengths[row] > 0)
                if name is None or not at.any():
                    continue
                for key in (name, f"{name}/{part}"):
                    nats[key] += float(loss[row][at].sum())
                    size[key] += int(lengths[row][at].sum())
    return {key: round(nats[key] / math.log(2) / size[key], 4) for key in sorted(nats)}
