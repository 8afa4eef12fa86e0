"""Greedy continuations of many prompts at once, with a KV cache. Knows ids, never text."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .model import LayerCache, Transformer


@torch.no_grad()
def continue_greedily(
    model: Transformer,
    prompts: Sequence[Sequence[int]],
    limit: int,
    is_done: Callable[[int, list[int]], bool] = lambda row, ids: False,
) -> list[list[int]]:
    """The most likely id, up to `limit` times, for each prompt; a row ends with the id that makes it `is_done`.

    Rows have their own lengths: the batch is padded on the right, each row's cache is filled to its own length, and
    what padding wrote there is overwritten before it becomes visible.
    """
    device = model.cos.device
    lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)  # (B,)
    longest = max(map(len, prompts))
    if longest + limit > model.config.context:
        raise ValueError(f"{longest} tokens and {limit} more do not fit into {model.config.context}")
    padded = torch.tensor([[*prompt, *[0] * (longest - len(prompt))] for prompt in prompts], device=device)
    cache = empty_cache(model, len(prompts), longest + limit)
    at = torch.arange(longest, device=device).expand(len(prompts), -1)
    hidden = model.hidden(padded, cache, at)  # (B, T, width)
    last = hidden[torch.arange(len(prompts), device=device), lengths - 1]

    answers: list[list[int]] = [[] for _ in prompts]
    open_rows = set(range(len(prompts)))
    for step in range(limit):
        best = model.head(last.float()).argmax(-1)  # (B,); in float32, for bfloat16 logits have ties
        for row, id_ in enumerate(best.tolist()):
            if row in open_rows:
                answers[row].append(id_)
                if is_done(row, answers[row]):
                    open_rows.remove(row)
        if not open_rows or step + 1 == limit:
            break
        last = model.hidden(best[:, None], cache, (lengths + step)[:, None])[:, 0]
    return answers


def empty_cache(model: Transformer, rows: int, capacity: int) -> list[LayerCache]:
    c = model.config

    def blank() -> Tensor:
        return torch.zeros(rows, c.kv_heads, capacity, c.head_dim, dtype=model.dtype, device=model.cos.device)

    return [LayerCache(blank(), blank()) for _ in range(c.layers)]
