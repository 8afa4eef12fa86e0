"""Muon for the matrices of the layers, AdamW for embeddings and norms.

Muon (Keller Jordan, https://kellerjordan.github.io/posts/muon/): the momentum of a matrix is replaced by the nearest
orthogonal matrix, found by five Newton-Schulz steps, so that every direction moves equally far.
"""

import math

import torch
from torch import Tensor

from .model import Transformer


def newton_schulz(matrices: Tensor, steps: int = 5) -> Tensor:
    """Orthogonalises a stack (N, rows, columns): singular values end between about 0.7 and 1.2.

    In bfloat16 on a GPU, which the iteration is made to bear; in float32 elsewhere.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrices.bfloat16() if matrices.is_cuda else matrices.float()
    is_tall = x.shape[-2] > x.shape[-1]
    if is_tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.mT if is_tall else x).to(matrices.dtype)


class Muon(torch.optim.Optimizer):
    """All parameters are matrices; those of one shape are orthogonalised as one stack."""

    def __init__(
        self, parameters: list[torch.nn.Parameter], lr: float = 0.02, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[torch.nn.Parameter]] = {}
            for parameter in group["params"]:
                by_shape.setdefault(parameter.shape, []).append(parameter)
            for parameters in by_shape.values():
                self.update(parameters, group["lr"], group["momentum"], group["weight_decay"])

    def update(self, parameters: list[torch.nn.Parameter], lr: float, momentum: float, weight_decay: float) -> None:
        gradients = [parameter.grad for parameter in parameters]
        averages = [self.average(parameter) for parameter in parameters]
        torch._foreach_lerp_(averages, gradients, 1 - momentum)
        nesterov = torch._foreach_lerp(gradients, averages, momentum)
        rows, columns = parameters[0].shape
        # Keller Jordan's scale: a matrix that widens its input moves as much per output as a square one.
        rate = lr * math.sqrt(max(1.0, rows / columns))
        updates = newton_schulz(torch.stack(nesterov)).unbind()
        if weight_decay:
            torch._foreach_mul_(parameters, 1 - lr * weight_decay)
        torch._foreach_add_(parameters, updates, alpha=-rate)

    def average(self, parameter: torch.nn.Parameter) -> Tensor:
        state = self.state[parameter]
        if "average" not in state:
            state["average"] = torch.zeros_like(parameter)
        return state["average"]


def make_optimizers(
    model: Transformer, matrix_lr: float, vector_lr: float, weight_decay: float, matrices_by: str = "muon"
) -> tuple[torch.optim.Optimizer, torch.optim.AdamW]:
    """For the layers' matrices (with decay), then for the tied embedding and the norms (without). Muon or AdamW for
    the first, AdamW for the others; what is frozen is left out."""
    matrices = [parameter for parameter in model.model.layers.parameters() if parameter.dim() == 2]
    rest = [parameter for parameter in model.parameters() if all(parameter is not matrix for matrix in matrices)]
    matrices, rest = ([each for each in part if each.requires_grad] for part in (matrices, rest))
    adam = {"betas": (0.9, 0.95), "fused": rest[0].is_cuda}
    if matrices_by == "adamw":
        first = torch.optim.AdamW(matrices, lr=matrix_lr, weight_decay=weight_decay, **adam)
    else:
        first = Muon(matrices, lr=matrix_lr, weight_decay=weight_decay)
    return first, torch.optim.AdamW(rest, lr=vector_lr, weight_decay=0.0, **adam)
