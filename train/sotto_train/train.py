"""Trains a model on windows, on one device or on many.

    python3 -m sotto_train.train --out RUN --windows WINDOWS... --vocabulary VOCABULARY --steps 5000
    torchrun --nproc-per-node 8 -m sotto_train.train ...            the same, each step shared out

Run again with the same --out it goes on where it stopped. What a step sees depends on its number alone, never on how
often the run was stopped nor (but for the order of sums) on how many processes share it.
"""

import argparse
import math
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from .checkpoint import load_checkpoint, load_exported, save_checkpoint
from .model import Transformer, preset
from .optim import make_optimizers
from .processes import Processes
from .rounding import RoundedWeights, round_frozen
from .run_log import RunLog
from .tokenizer import Tokenizer
from .validation import bits_per_byte
from .window_pool import Batch, Schedule, WindowPool

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


@dataclass(frozen=True)
class TrainConfig:
    out: Path
    windows: list[Path]  # folders that make_windows wrote; all of them make up an epoch
    vocabulary: Path
    valid: Path | None = None  # the same, of held-out repositories
    shape: str = "46m"
    qk_norm: bool = False
    init_from: Path | None = None  # an exported folder to start from instead of noise
    frozen: int = 0  # lower layers that stay as they are, rounded as they will ship: two thirds of their cost are left
    trains_lookup: bool = True  # through them the table as lookup, too; without it a third of their cost is left
    steps: int = 5000
    batch: int = 256  # windows a step, over all processes
    micro_batch: int = 64  # windows at once in one process
    chunks: int = 1  # parts in which a micro-batch's logits are computed
    # Weights of the losses of a middle and of its end; text has 1. The end's makes stopping likelier than the data has
    # it where the model is unsure, by the ratio.
    middle_weight: float = 2.0
    end_weight: float = 16.0
    matrices_by: str = "muon"  # or adamw, whose rates are a fiftieth
    matrix_lr: float = 0.02
    vector_lr: float = 0.003
    weight_decay: float = 0.05
    warmup: int = 100  # steps
    decay: float = 0.4  # share of the steps, at the end, over which the rates fall to zero
    rounded: float = 0.1  # share of the steps, at the end, with weights rounded to int4
    rounds_head: bool = True  # the output matrix, too; not if it will be stored in eight bits
    seed: int = 0
    stop_after: float = 1e9  # seconds of this process; then it saves and exits
    log_every: int = 10  # steps; also how often the clock is looked at
    save_every: int = 500
    validate_every: int = 500
    validate_windows: int = 1024
    compile: bool = field(default_factory=torch.cuda.is_available)
    device: str = field(default_factory=lambda: "cuda" if torch.cuda.is_available() else "cpu")
    # Of the residual stream and the products. bfloat16 is faster on CPUs that have instructions for it (AVX-512 BF16,
    # AMX) and many times slower on others.
    dtype: str = field(default_factory=lambda: "bfloat16" if torch.cuda.is_available() else "float32")


def train(config: TrainConfig) -> None:
    start = time.monotonic()
    processes = Processes(config.device)
    check(config, processes.world)
    schedule = Schedule(config.windows, config.seed)
    byte_lengths = Tokenizer.load(config.vocabulary).byte_lengths()
    model = make_model(config, vocab_size=len(byte_lengths), context=schedule.window).to(processes.device)
    latest = config.out / "latest.pt"
    if config.frozen:
        model.freeze(config.frozen, config.trains_lookup)
        if not latest.exists():
            round_frozen(model)
    optimizers = make_optimizers(model, config.matrix_lr, config.vector_lr, config.weight_decay, config.matrices_by)
    step = load_checkpoint(latest, model, optimizers, processes.device) if latest.exists() else 0
    if config.compile:
        model.compile_parts()
    parallel = DistributedDataParallel(model) if processes.world > 1 else model
    rounded = RoundedWeights(model, config.rounds_head)
    valid = WindowPool(sorted(config.valid.glob("epoch-*"))[:1]) if config.valid else None
    log = RunLog(config.out / "log.jsonl") if processes.is_first else None
    if log:
        sizes = {"world": processes.world, "parameters": model.parameter_count(), "window": schedule.window}
        log.write("start", step=step, **sizes, config=asdict(config))

    clock, clock_step = time.monotonic(), step
    is_over = step >= config.steps
    while not is_over:
        set_rates(optimizers, step, config)
        batch = schedule.batch(step * config.batch, config.batch)
        with weights_of(step, config, rounded):
            totals = accumulate(parallel, batch, config, processes)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step += 1

        is_last = step == config.steps
        if step % config.log_every == 0 or is_last:
            weighted, weight = processes.sum(totals).tolist()  # waits for the device
            seconds = time.monotonic() - clock
            if log:
                speed = (step - clock_step) * config.batch * schedule.window / seconds
                log.write("step", step=step, loss=round(weighted / weight, 5), tokens_per_second=round(speed))
            if not math.isfinite(weighted):
                raise FloatingPointError(f"the loss of step {step} is not finite; the last checkpoint is before it")
            is_over = is_last or processes.agree(time.monotonic() - start > config.stop_after)
        if log and valid and (step % config.validate_every == 0 or is_last):
            with weights_of(step, config, rounded):
                count, size = config.validate_windows, config.micro_batch
                log.write("valid", step=step, **bits_per_byte(model, valid, byte_lengths, count, size))
        if log and (step % config.save_every == 0 or is_over):
            save_checkpoint(latest, model, optimizers, step)
        if step % config.log_every == 0:
            clock, clock_step = time.monotonic(), step
    if log:
        log.write("stop", step=step, seconds=round(time.monotonic() - start, 1), **memory(processes.device))
    processes.leave()


def make_model(config: TrainConfig, vocab_size: int, context: int) -> Transformer:
    """From noise, or from an exported folder of the same shape."""
    shape = preset(config.shape, vocab_size=vocab_size, context=context, qk_norm=config.qk_norm)
    model = Transformer(shape, dtype=DTYPES[config.dtype])
    if config.init_from:
        load_exported(config.init_from, model)
    else:
        model.initialise(config.seed)
    return model


def accumulate(model: nn.Module, batch: Batch, config: TrainConfig, processes: Processes) -> Tensor:
    """Adds the gradients of this process's share of a step; returns its weighted loss and its weight, (2,)."""
    mine = slice(processes.rank, None, processes.world)
    device = processes.device
    ids, targets, roles = (to_device(part[mine], device) for part in (batch.ids, batch.targets, batch.roles))
    weights = torch.tensor([0.0, 1.0, config.middle_weight, config.end_weight], device=device)[roles]
    totals = torch.zeros(2, device=device)
    starts = range(0, len(ids), config.micro_batch)
    for at in starts:
        part = slice(at, at + config.micro_batch)
        is_last = at == starts[-1]
        with nullcontext() if is_last or processes.world == 1 else model.no_sync():
            loss = (model(ids[part], targets[part], config.chunks) * weights[part]).sum()
            # Per token of the whole step, so that neither micro-batches nor processes change the sum. DDP averages.
            (loss * processes.world / batch.ids.numel()).backward()
        totals += torch.stack((loss.detach(), weights[part].sum()))
    return totals


def to_device(tensor: Tensor, device: torch.device) -> Tensor:
    tensor = tensor.contiguous()
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor


def rate_scale(step: int, config: TrainConfig) -> float:
    """Warm-up, constant, then linear to zero. While it is constant, a later run may still change `steps`."""
    left = (config.steps - step) / max(1.0, config.steps * config.decay)
    return min(1.0, (step + 1) / max(1, config.warmup), left)


def set_rates(optimizers: tuple[torch.optim.Optimizer, ...], step: int, config: TrainConfig) -> None:
    for optimizer, rate in zip(optimizers, (config.matrix_lr, config.vector_lr), strict=True):
        for group in optimizer.param_groups:
            group["lr"] = rate * rate_scale(step, config)


def weights_of(step: int, config: TrainConfig, rounded: RoundedWeights) -> AbstractContextManager[None]:
    """Rounded in the last part of the run, and in the measure of its end."""
    is_rounded = config.rounded > 0 and step >= config.steps * (1 - config.rounded)
    return rounded if is_rounded else nullcontext()


def check(config: TrainConfig, world: int) -> None:
    if config.dtype not in DTYPES:
        raise ValueError(f"--dtype {config.dtype} is none of {', '.join(DTYPES)}")
    if config.batch % (config.micro_batch * world):
        raise ValueError(f"--batch {config.batch} is not a multiple of {world} x --micro-batch {config.micro_batch}")
    if config.micro_batch % config.chunks:
        raise ValueError(f"--micro-batch {config.micro_batch} is not a multiple of --chunks {config.chunks}")
    if config.matrices_by not in ("muon", "adamw"):
        raise ValueError(f"--matrices-by {config.matrices_by} is neither muon nor adamw")


def memory(device: torch.device) -> dict[str, float]:
    return {"peak_gb": round(torch.cuda.max_memory_allocated(device) / 1e9, 1)} if device.type == "cuda" else {}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a model on windows.")
    for option in fields(TrainConfig):
        name = f"--{option.name.replace('_', '-')}"
        if option.name == "windows":
            parser.add_argument(name, type=Path, nargs="+", required=True)
        elif option.type is bool:
            parser.add_argument(name, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS)
        else:
            kind = Path if option.type in (Path, Path | None) else option.type
            required = option.name in ("out", "vocabulary")
            parser.add_argument(name, type=kind, default=argparse.SUPPRESS, required=required)
    train(TrainConfig(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
