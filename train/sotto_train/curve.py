"""The learning curve of a run as a picture: training loss, and held-out bits per byte, over the tokens seen.

    python3 -m sotto_train.curve RUN/log.jsonl OUT.svg [--window 1024]

`--window` is for logs of before runs wrote the length of their windows down. A run that was stopped and went on is one
curve. Knows the log's lines and what they mean; what it looks like is plot.py's.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .plot import Line, Panel, Phase, draw
from .run_log import read_log

HELD_OUT = ("text", "middle/line", "middle/block", "middle/span")
SMOOTHED = 1 / 30  # of the run's log lines: how many a mean is over


@dataclass(frozen=True)
class Curve:
    steps: list[tuple[int, float]]  # (step, loss in nats a token, weighted as the run weighs it)
    held_out: dict[str, list[tuple[int, float]]]  # by name: (step, bits per byte)
    phases: list[Phase]  # in steps
    tokens_per_step: int


def read_curve(path: Path, window: int | None = None) -> Curve:
    """Raises ValueError where the log has no start, no steps, or (without `window`) no length of its windows."""
    starts = read_log(path, "start")
    if not starts:
        raise ValueError(f"{path}: no line with event `start`")
    config = starts[-1]["config"]
    window = window or starts[-1].get("window")
    if window is None:
        raise ValueError(f"{path}: its `start` has no `window`; --window says how many tokens a window has")
    # A run that was killed goes on from its last checkpoint and writes some steps again: the later ones count.
    steps = {line["step"]: line["loss"] for line in read_log(path, "step")}
    if not steps:
        raise ValueError(f"{path}: no line with event `step`")
    valid = {line["step"]: line for line in read_log(path, "valid")}
    held_out = {name: [(at, line[name]) for at, line in sorted(valid.items()) if name in line] for name in HELD_OUT}
    measured = {name: line for name, line in held_out.items() if line}
    return Curve(sorted(steps.items()), measured, phases(config, max(steps)), config["batch"] * window)


def phases(config: dict[str, float], last: int) -> list[Phase]:
    """Those of train.py's `rate_scale` and `weights_of` that step `last` has reached."""
    steps = config["steps"]
    bounds = [("warm-up", 0), ("constant", config["warmup"]), ("decay", steps * (1 - config["decay"]))]
    if config["rounded"]:
        bounds.append(("int4", steps * (1 - config["rounded"])))
    ends = [*(first for _, first in bounds[1:]), steps]
    return [Phase(name, first, min(end, last)) for (name, first), end in zip(bounds, ends, strict=True) if first < last]


def smooth(values: Sequence[float]) -> list[float]:
    """Each the mean of itself and its neighbours on both sides, so that nothing is late."""
    reach = round(len(values) * SMOOTHED / 2)
    means = []
    for at in range(len(values)):
        near = values[max(0, at - reach) : at + reach + 1]
        means.append(sum(near) / len(near))
    return means


def picture(curve: Curve, title: str) -> str:
    """SVG. The first losses are far above all others: of the warm-up, and a twentieth of the run, the tops are cut."""
    millions = curve.tokens_per_step / 1e6
    xs = [step * millions for step, _ in curve.steps]
    losses = [loss for _, loss in curve.steps]
    means = smooth(losses)
    begun = max(curve.phases[0].end, curve.steps[-1][0] / 20)
    settled = [mean for (step, _), mean in zip(curve.steps, means, strict=True) if step >= begun]
    loss = Panel(
        "Training loss, nats a token",
        [Line("loss", list(zip(xs, means, strict=True)), behind=list(zip(xs, losses, strict=True)))],
        max(settled),
    )
    lines = [
        Line(name.removeprefix("middle/"), [(step * millions, bits) for step, bits in line], has_dots=True)
        for name, line in curve.held_out.items()
    ]
    held_out = Panel("Held-out bits per byte: text read left to right; middles of lines, blocks, spans", lines)
    marks = [Phase(phase.name, phase.first * millions, phase.end * millions) for phase in curve.phases]
    return draw(title, [loss, held_out] if lines else [loss], marks, "Millions of tokens seen")


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the learning curve of a run.")
    parser.add_argument("log", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--window", type=int, help="tokens of a window, for logs that do not say")
    parser.add_argument("--title", default="Learning curve")
    args = parser.parse_args()
    args.out.write_text(picture(read_curve(args.log, args.window), args.title), encoding="utf-8")


if __name__ == "__main__":
    main()
