"""What the public benchmarks share: cases read from a path, a model's answers to them, shares with their errors.

Their data is never part of this repository, nor of what a model is trained on (`corpus/benchmarks.py` keeps it out).
"""

import argparse
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch

from .answers import Answer, answer
from .evaluate import open_model
from .model import Transformer
from .prompt import build_infill_prompt
from .rounding import RoundedWeights
from .tokenizer import Tokenizer

T = TypeVar("T")
BATCH = 32


class DataError(ValueError):
    """The benchmark's data is missing or not what it should be; the message names the file and what was expected."""


@dataclass(frozen=True)
class Gap:
    """A place to fill in. `after` is all that is shown of what follows, so for a line it begins with its line break."""

    path: str  # FOLDER/FILE, as every prompt of the extension says where it is
    before: str
    after: str


def read_cases(path: Path, fields: Sequence[str], source: str) -> list[dict[str, str]]:
    """The lines of a .jsonl or .jsonl.gz. Raises DataError where the file or one of `fields` is missing."""
    if not path.is_file():
        raise DataError(f"{path}: no such file; the benchmark's data is not in this repository, get it from {source}")
    if not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise DataError(f"{path}: expected a .jsonl or .jsonl.gz file, as of {source}")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        cases = []
        for number, line in enumerate(lines, 1):
            try:
                case = json.loads(line)
            except json.JSONDecodeError as error:
                raise DataError(f"{path}, line {number}: not JSON ({error.msg})") from None
            for field in fields:
                if not isinstance(case, dict) or not isinstance(case.get(field), str):
                    raise DataError(f"{path}, line {number}: no text `{field}`; expected the data of {source}")
            cases.append(case)
    if not cases:
        raise DataError(f"{path}: no cases; expected the data of {source}")
    return cases


def spread(cases: Sequence[T], limit: int | None) -> list[T]:
    """`limit` of the cases, evenly spread: neighbours ask of the same program. All of them without a limit."""
    count = min(limit or len(cases), len(cases))
    return [cases[index * len(cases) // count] for index in range(count)]


def fill(
    model: Transformer, tokenizer: Tokenizer, gaps: Sequence[Gap], tokens: int, batch: int, one_line: bool
) -> list[Answer]:
    """Greedy answers of `tokens` at most, in the gaps' order."""
    room = model.config.context - tokens
    prompts = [build_infill_prompt(tokenizer, gap.path, gap.before, gap.after, room) for gap in gaps]
    return answer(model, tokenizer, prompts, tokens, batch, one_line)


def share(values: Sequence[bool], groups: Sequence[str]) -> tuple[float, float]:
    """Mean and its standard error, each rounded to four places. Cases of one group are not independent: a benchmark
    asks several times of one program. So their deviations are summed before they are squared (Liang and Zeger 1986).
    """
    mean = sum(values) / len(values)
    deviations: dict[str, float] = defaultdict(float)
    for value, group in zip(values, groups, strict=True):
        deviations[group] += value - mean
    few = len(deviations) / max(1, len(deviations) - 1)
    error = math.sqrt(few * sum(deviation**2 for deviation in deviations.values())) / len(values)
    return round(mean, 4), round(error, 4)


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[tuple[Transformer, Tokenizer]]:
    """The model and the vocabulary of a command line."""
    if args.vocabulary is None:
        raise SystemExit("the command line has no MODEL and VOCABULARY after the benchmark's data")
    model = open_model(args.model, args.device)
    with RoundedWeights(model) if args.int4 else nullcontext():
        yield model, Tokenizer.load(args.vocabulary)


def make_parser(description: str) -> argparse.ArgumentParser:
    """DATA MODEL VOCABULARY and what all benchmarks can be asked."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path, nargs="?", help="a checkpoint (latest.pt) or an exported folder")
    parser.add_argument("vocabulary", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, help="this many cases, evenly spread, for a quick look")
    parser.add_argument("--int4", action="store_true", help="with the weights rounded as the extension rounds them")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser
