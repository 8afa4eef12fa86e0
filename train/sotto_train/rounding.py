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
STEPS_PER_SEARCH = 8  # a scale is searched this seldom while training: it hardly moves from one step to the next


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

    Frozen ones are left alone: `round_frozen` has rounded them. Of `STEPS_PER_SEARCH` uses the first searches the
    scales; the others take them over and choose the levels only, which costs a tenth.
    """

    def __init__(self, model: Transformer, rounds_head: bool = True) -> None:
        """`rounds_head`: whether the output matrix is int4, too; a GGUF's token table is Q8_0, which loses nothing."""
        self.model = model
        self.weights = [
            module.weight for module in model.modules() if isinstance(module, Linear) and module.weight.requires_grad
        ]
        self.head = [model.model.embed_tokens.weight] if rounds_head else []
        if any(weight.shape[1] % BLOCK for weight in [*self.weights, *self.head]):
            raise ValueError(f"every matrix must have a multiple of {BLOCK} columns")
        self.exact: list[Tensor] = []
        self.scale = torch.empty(0)
        self.uses = 0

    @torch.no_grad()
    def __enter__(self) -> None:
        matrices = [*self.weights, *self.head]
        # All in one call: a call a matrix would be thousands of small kernels a step.
        flat = torch.cat([weight.flatten() for weight in matrices]).half().float()
        parts = self.rounded(flat).split([weight.numel() for weight in matrices])
        self.exact = [weight.clone() for weight in self.weights]
        for weight, part in zip(self.weights, parts, strict=False):
            weight.copy_(part.view_as(weight))
        if self.head:
            self.model.rounded_head = parts[-1].view_as(self.head[0])

    def rounded(self, flat: Tensor) -> Tensor:
        if self.uses % STEPS_PER_SEARCH == 0:
            level, self.scale = int4_blocks(flat)
        else:
            level = levels(flat.view(-1, BLOCK), self.scale)
        self.uses += 1
        return (level.float() * self.scale).view(-1)

    @torch.no_grad()
    def __exit__(self, *_: object) -> None:
        for weight, exact in zip(self.weights, self.exact, strict=True):
            weight.copy_(exact)
        self.exact = []
        self.model.rounded_head = None
