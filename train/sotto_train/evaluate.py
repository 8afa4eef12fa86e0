"""How good a model is at what the extension asks of it, on held-out repositories.

    python3 -m sotto_train.evaluate MODEL VOCABULARY CORPUS/valid [--windows WINDOWS/valid] [--cases 1000] [--int4]

MODEL is a checkpoint (`latest.pt`) or an exported folder. Random cursors, each prompt cut as the extension cuts it:

- line: the text to the end of the cursor's line, exactly right or by edit similarity; in all, by language, and by
  whether the cursor is inside a word;
- rest: the same where some of the line stands behind the cursor and begins the suffix: the text between the two;
- stop: how often the model ends a line itself, with a special token, rather than running on into the next one; and
  how often it ends an indented block before it runs out of tokens.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch

from .answers import answer
from .checkpoint import load_model
from .export import read_exported
from .model import Linear, Transformer
from .prompt import build_infill_prompt, build_prompt, line_end
from .rounding import RoundedWeights
from .shards import SourceFile, list_shards, read_files
from .splits import block_end, indentation_at, line_start, opened_block, rest_split
from .tokenizer import Tokenizer
from .validation import bits_per_byte
from .window_pool import WindowPool


@dataclass(frozen=True)
class EvaluateConfig:
    cases: int = 1000  # cursors for the rest of the line
    blocks: int = 200  # cursors at the beginning of a block
    rests: int = 200  # cursors with some of their line behind them
    line_tokens: int = 48  # of an answer, at most
    block_tokens: int = 192
    batch: int = 32
    seed: int = 0


@dataclass(frozen=True)
class Case:
    kind: str  # 'line', 'rest' or 'block'
    language: str
    place: str  # 'inside a word' or 'at a boundary'
    prompt: list[int]
    wanted: str


def evaluate(model: Transformer, tokenizer: Tokenizer, valid: Path, config: EvaluateConfig) -> dict[str, object]:
    """Figures by slice: {"line": {"all": {"cases", "exact", "similarity", "stopped"}, ...}, "block": ...}."""
    files = [file for shard in list_shards(valid) for file in read_files(shard)]
    rng = random.Random(config.seed)
    room = model.config.context
    cases = draw(files, config.cases, rng, lambda file: line_case(tokenizer, file, room - config.line_tokens, rng))
    blocks = draw(files, config.blocks, rng, lambda file: block_case(tokenizer, file, room - config.block_tokens, rng))
    rests = draw(files, config.rests, rng, lambda file: rest_case(tokenizer, file, room - config.line_tokens, rng))
    return {
        "line": measure(model, tokenizer, cases, config.line_tokens, config.batch),
        "rest": measure(model, tokenizer, rests, config.line_tokens, config.batch),
        "block": measure(model, tokenizer, blocks, config.block_tokens, config.batch),
    }


def draw(
    files: list[SourceFile], count: int, rng: random.Random, make: Callable[[SourceFile], Case | None]
) -> list[Case]:
    """Cases of random files, at most ten times `count` tries; a long file is no likelier than a short one."""
    cases: list[Case] = []
    for _ in range(10 * count):
        if len(cases) == count:
            break
        if case := make(rng.choice(files)):
            cases.append(case)
    return cases


def line_case(tokenizer: Tokenizer, file: SourceFile, room: int, rng: random.Random) -> Case | None:
    """A cursor before something that is not blank, in a line that already has something, as the extension asks."""
    text = file.text
    cursor = rng.randrange(len(text))
    wanted = text[cursor : line_end(text, cursor)]
    if not wanted.strip() or not text[line_start(text, cursor) : cursor].strip():
        return None
    prompt = build_prompt(tokenizer, file.short_path, text[:cursor], text[cursor:], room)
    return Case("line", file.language, place_of(text, cursor), prompt, wanted)


def rest_case(tokenizer: Tokenizer, file: SourceFile, room: int, rng: random.Random) -> Case | None:
    """What is missing before the rest of the cursor's line, which begins the suffix."""
    text = file.text
    cursor = rng.randrange(len(text))
    split = rest_split(text, cursor, rng)
    if split is None or not text[cursor : split.end].strip() or not text[line_start(text, cursor) : cursor].strip():
        return None
    prompt = build_infill_prompt(tokenizer, file.short_path, text[:cursor], text[split.end :], room)
    return Case("rest", file.language, place_of(text, cursor), prompt, text[cursor : split.end])


def place_of(text: str, cursor: int) -> str:
    return "inside a word" if is_word(text[cursor - 1]) and is_word(text[cursor]) else "at a boundary"


def block_case(tokenizer: Tokenizer, file: SourceFile, room: int, rng: random.Random) -> Case | None:
    """The cursor after the indentation of a block's first line, the block not yet written."""
    text = file.text
    at = opened_block(text, line_start(text, rng.randrange(len(text))))
    end = block_end(text, at) if at is not None else None
    if at is None or end is None or not text[end:].strip():
        return None
    cursor = at + len(text[at:end]) - len(text[at:end].lstrip(" \t"))
    prompt = build_prompt(tokenizer, file.short_path, text[:cursor], text[end:], room)
    return Case("block", file.language, f"{indentation_at(text, at)} columns", prompt, text[cursor:end])


def is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def measure(
    model: Transformer, tokenizer: Tokenizer, cases: list[Case], limit: int, batch: int
) -> dict[str, dict[str, float]]:
    """`cases` are of one kind."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 4)
    is_line = all(case.kind != "block" for case in cases)
    answers = answer(model, tokenizer, [case.prompt for case in cases], limit, batch, one_line=is_line)
    for case, given in zip(cases, answers, strict=True):
        got = given.text.rstrip()
        figures = [1.0, got == case.wanted.rstrip(), similarity(got, case.wanted.rstrip()), given.has_stopped]
        for name in ("all", case.language, case.place) if is_line else ("all", case.language):
            sums[name] = [a + b for a, b in zip(sums[name], figures, strict=True)]
    names = ("exact", "similarity", "stopped")
    return {
        slice_: {"cases": int(n), **{name: round(value / n, 4) for name, value in zip(names, values, strict=True)}}
        for slice_, (n, *values) in sorted(sums.items())
    }


def similarity(a: str, b: str) -> float:
    """1 - Levenshtein distance / length of the longer."""
    if a == b:
        return 1.0
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return 1 - row[-1] / max(len(a), len(b))


def open_model(path: Path, device: str, dtype: torch.dtype | None = None) -> Transformer:
    """A checkpoint file or an exported folder; bfloat16 on a GPU."""
    dtype = dtype or (torch.bfloat16 if device == "cuda" else torch.float32)
    return read_exported(path, device, dtype) if path.is_dir() else load_model(path, device, dtype)


def cast_matrices(model: Transformer) -> None:
    """Once, rather than at each token: they are not trained here."""
    for module in model.modules():
        if isinstance(module, Linear):
            module.weight.data = module.weight.data.to(model.dtype)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a model on held-out repositories.")
    parser.add_argument("model", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("valid", type=Path)
    parser.add_argument("--windows", type=Path, help="validation windows, for bits per byte")
    parser.add_argument("--windows-read", type=int, default=2048, help="how many of them")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--blocks", type=int, default=200)
    parser.add_argument("--rests", type=int, default=200)
    parser.add_argument("--bfloat16", action="store_true", help="several times faster where the processor has it")
    parser.add_argument("--int4", action="store_true", help="with the weights rounded as the extension rounds them")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    tokenizer = Tokenizer.load(args.vocabulary)
    model = open_model(args.model, args.device, torch.bfloat16 if args.bfloat16 else None)
    config = EvaluateConfig(cases=args.cases, blocks=args.blocks, rests=args.rests)
    with RoundedWeights(model) if args.int4 else nullcontext():
        if args.bfloat16:
            cast_matrices(model)
        figures = evaluate(model, tokenizer, args.valid, config)
        if args.windows:
            pool = WindowPool(sorted(args.windows.glob("epoch-*"))[:1])
            figures["bits_per_byte"] = bits_per_byte(model, pool, tokenizer.byte_lengths(), args.windows_read, 16)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
