"""How fast a shape trains on this machine, before minutes are spent on it: random ids, whole steps.

    python3 -m sotto_train.speed --shapes 46m 80m --micro-batches 32 64 128
    python3 -m sotto_train.speed --shapes smollm2-135m --micro-batches 4 --frozen 0 18 --matrices-by adamw --bfloat16

A line of JSON each: tokens a second, the share of them that the optimizers take, seconds to compile, memory. On a
processor with other work to do, look at the tokens a second of its time, which others' work changes less. On a GPU
the first line says whether flash attention takes grouped queries; without it attention falls back to a kernel that is
many times slower.
"""

import argparse
import itertools
import json
import time
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from .model import Transformer, preset
from .optim import make_optimizers
from .rounding import RoundedWeights


@dataclass(frozen=True)
class Trial:
    shape: str
    micro_batch: int
    frozen: int
    matrices_by: str


def measure(trial: Trial, args: argparse.Namespace, device: torch.device) -> dict[str, object]:
    is_gpu = device.type == "cuda"
    steps, accumulation = args.steps, args.accumulation
    model = Transformer(preset(trial.shape), torch.bfloat16 if is_gpu or args.bfloat16 else torch.float32)
    model.initialise(0)
    model.freeze(trial.frozen)
    model.to(device)
    optimizers = make_optimizers(model, 0.02, 0.003, 0.05, trial.matrices_by)
    if is_gpu:
        model.compile_parts()
        torch.cuda.reset_peak_memory_stats()
    ids = torch.randint(model.config.vocab_size, (trial.micro_batch, model.config.context), device=device)

    def gradients() -> None:
        for _ in range(accumulation):
            model(ids, ids.roll(-1, 1)).mean().backward()

    def update() -> None:
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def round_weights() -> None:
        with RoundedWeights(model):
            pass

    def seconds(work: list, repeat: int) -> float:
        start = time.monotonic()
        for _ in range(repeat):
            for part in work:
                part()
        if is_gpu:
            torch.cuda.synchronize()
        return (time.monotonic() - start) / repeat

    compiling = seconds([gradients, update], 1)
    processor = time.process_time()
    whole = seconds([gradients, update], steps)
    processor = (time.process_time() - processor) / steps
    gradients()
    # The gradients stay: dropping them would leave the optimizers nothing to do.
    updating = seconds([optimizer.step for optimizer in optimizers], steps)
    tokens = accumulation * ids.numel()
    return {
        **asdict(trial),
        "batch": trial.micro_batch * accumulation,
        "tokens_per_second": round(tokens / whole),
        "tokens_per_processor_second": round(tokens / processor),
        "optimizers": round(updating / whole, 3),
        "rounding_seconds": round(seconds([round_weights], 2), 3),
        "first_step_seconds": round(compiling, 1),
        "peak_gb": round(torch.cuda.max_memory_allocated() / 1e9, 1) if is_gpu else None,
    }


def has_flash_attention(device: torch.device) -> bool:
    """Forward and backward of flash attention with two query heads to a head of keys."""
    q, k = (torch.randn(2, h, 256, 64, device=device, dtype=torch.bfloat16, requires_grad=True) for h in (4, 2))
    try:
        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
            F.scaled_dot_product_attention(q, k, k, is_causal=True, enable_gqa=True).sum().backward()
    except RuntimeError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast shapes train here.")
    parser.add_argument("--shapes", nargs="+", default=["46m"])
    parser.add_argument("--micro-batches", nargs="+", type=int, default=[64])
    parser.add_argument("--frozen", nargs="+", type=int, default=[0], help="lower layers that stay as they are")
    parser.add_argument("--matrices-by", nargs="+", default=["muon"], choices=("muon", "adamw"))
    parser.add_argument("--bfloat16", action="store_true", help="on a processor that has it")
    parser.add_argument("--accumulation", type=int, default=4)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    device = torch.device(args.device)
    if device.type == "cuda":
        print(json.dumps({"device": torch.cuda.get_device_name(), "flash_attention": has_flash_attention(device)}))
    for each in itertools.product(args.shapes, args.micro_batches, args.frozen, args.matrices_by):
        print(json.dumps(measure(Trial(*each), args, device)), flush=True)


if __name__ == "__main__":
    main()
