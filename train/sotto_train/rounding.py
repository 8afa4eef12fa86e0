"""Rounds weights to int4 exactly as src/model/quantise.ts (and so GGUF's Q4_0 blocks) will, for training with it.

Straight-through (Bengio et al., arXiv 1308.3432): the forward and backward passes see the rounded weights, and the
gradient is applied to the exact ones. `RoundedWeights` swaps the values in and out around those passes, which costs
the compiled graph nothing.
"""

import torch
from torch import Tensor

from .model import Linear, Transformer

BLOCK = 32
CACHED_BLOCKS = 8192  # 2 MB of float64


def int4_blocks(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Levels -8..7 (N, 32) and float32 scales (N, 1) of blocks that lie one after another.

    In float64, as JavaScript computes; the scale is the one of 21 candidates with the smallest squared error.
    """
    values = weight.detach().reshape(-1, BLOCK)
    # On a CPU, parts that stay in its cache: two or three times faster. A GPU takes all at once.
    parts = values.split(len(values) if values.is_cuda else CACHED_BLOCKS)
    level, scale = zip(*(search_scale(part.double()) for part in parts), strict=True)
    return torch.cat(level), torch.cat(scale)


def search_scale(values: Tensor) -> tuple[Tensor, Tensor]:
    extreme = values.gather(1, values.abs().argmax(1, keepdim=True))  # the first of the largest magnitudes
    best_scale = torch.zeros_like(extreme)
    best_error = torch.full_like(extreme, torch.inf)
    for step in range(-10, 11):
        scale = (extreme / -(8 + 0.1 * step)).float().double()
        error = (values - levels(values, scale) * scale).square_().sum(1, keepdim=True)
        better = error < best_error
        best_scale = torch.where(better, scale, best_scale)
        best_error = torch.where(better, error, best_error)
    return levels(values, best_scale), best_scale.float()


def levels(values: Tensor, scale: Tensor) -> Tensor:
    """`floor(x + 0.5)` is JavaScript's Math.round; a block of zeros has scale 0 and level 0."""
    inverse = torch.where(scale == 0, 0.0, 1 / scale)
    return (values * inverse).add_(0.5).floor_().clamp_(-8, 7)


def round_to_int4(weight: Tensor) -> Tensor:
    """What the extension computes with once the weight went through float16 storage and int4, float32."""
    level, scale = int4_blocks(weight.half().float())
    return (level.float() * scale).view_as(weight)


@torch.no_grad()
def round_frozen(model: Transformer) -> None:
    """The layers that are not trained get their rounded weights at once, so that those above learn to bear it."""
    for module in model.modules():
        if isinstance(module, Linear) and not module.weight.requires_grad:
            module.weight.copy_(round_to_int4(module.weight))


class RoundedWeights:
    """`with RoundedWeights(model):` runs forward and backward with rounded weights; the exact ones come back after.

    Frozen ones are left alone: `round_frozen` has rounded them.
    """

    def __init__(self, model: Transformer) -> None:
        self.model = model
        self.weights = [
            module.weight for module in model.modules() if isinstance(module, Linear) and module.weight.requires_grad
        ]
        if any(weight.shape[1] % BLOCK for weight in self.weights):
            raise ValueError(f"every matrix must have a multiple of {BLOCK} columns")
        self.exact: list[Tensor] = []

    @torch.no_grad()
    def __enter__(self) -> None:
        table = self.model.model.embed_tokens.weight
        # All in one call: a call a matrix would be thousands of small kernels a step.
        flat = round_to_int4(torch.cat([weight.flatten() for weight in [*self.weights, table]]))
        *parts, head = flat.split([weight.numel() for weight in [*self.weights, table]])
        self.exact = [weight.clone() for weight in self.weights]
        for weight, part in zip(self.weights, parts, strict=True):
            weight.copy_(part.view_as(weight))
        self.model.rounded_head = head.view_as(table)

    @torch.no_grad()
    def __exit__(self, *_: object) -> None:
        for weight, exact in zip(self.weights, self.exact, strict=True):
            weight.copy_(exact)
        self.exact = []
        self.model.rounded_head = None
