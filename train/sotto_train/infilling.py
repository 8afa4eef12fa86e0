"""HumanEval-Infilling (Bavarian et al., arXiv 2207.14255): does a function still do its work with the gap filled?

    python3 -m sotto_train.infilling HumanEval-SingleLineInfilling.jsonl.gz MODEL VOCABULARY [--limit 100] [--int4]
    python3 -m sotto_train.infilling HumanEval-RandomSpanInfillingLight.jsonl.gz MODEL VOCABULARY
    python3 -m sotto_train.infilling DATA --canonical        # the authors' solutions instead: all must pass

Prints a line of JSON: pass@1 of greedy answers and its standard error. Programs run in a sandbox (sandbox.py says what
it does not protect from). The prompt is the extension's. A line: the cursor in an empty line, the suffix begins with
its line break, and what counts is the answer's first line. A span: the suffix follows at once, and all of the answer
counts, so the model has to stop by itself.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .benchmark import DataError, Gap, fill, make_parser, opened, read_cases, share, spread
from .sandbox import isolation, run_programs

SOURCE = "https://github.com/openai/human-eval-infilling (data/, MIT licence)"
FIELDS = ("task_id", "entry_point", "prompt", "suffix", "canonical_solution", "test")
PATH = "src/solution.py"  # the benchmark has none; the extension always says one


@dataclass(frozen=True)
class Kind:
    one_line: bool
    tokens: int  # of an answer, at most


# By the first part of a case's task_id. The longest of the lines has 141 characters, of the spans 620.
KINDS = {
    "SingleLineInfilling": Kind(one_line=True, tokens=64),
    "RandomSpanInfillingLight": Kind(one_line=False, tokens=192),
    "RandomSpanInfilling": Kind(one_line=False, tokens=192),
}


def read_infilling(path: Path) -> tuple[str, list[dict[str, str]]]:
    """The name of the kind, and its cases."""
    cases = read_cases(path, FIELDS, SOURCE)
    kinds = {case["task_id"].split("/")[0] for case in cases}
    if len(kinds) != 1 or not kinds <= set(KINDS):
        found = ", ".join(sorted(kinds))
        raise DataError(f"{path}: `task_id` begins with {found}; expected one of {', '.join(KINDS)}")
    return kinds.pop(), cases


def gap(case: dict[str, str], kind: Kind) -> Gap:
    """A line's gap has lost its line break to the solution; the document at that moment has it."""
    return Gap(PATH, case["prompt"], "\n" + case["suffix"] if kind.one_line else case["suffix"])


def program(case: dict[str, str], middle: str) -> str:
    """As the benchmark's own harness puts it together."""
    return f"{case['prompt']}{middle}{case['suffix']}\n{case['test']}\ncheck({case['entry_point']})"


def measure(cases: Sequence[dict[str, str]], middles: Sequence[str]) -> dict[str, object]:
    """Runs each program with its middle."""
    outcomes = run_programs([program(case, middle) for case, middle in zip(cases, middles, strict=True)])
    passed = [outcome == "passed" for outcome in outcomes]
    mean, error = share(passed, ["/".join(case["task_id"].split("/")[1:3]) for case in cases])
    return {
        "cases": len(cases),
        "passed": sum(passed),
        "pass@1": mean,
        "standard_error": error,
        "timed_out": outcomes.count("timed out"),
        "had_network": not isolation(),
    }


def run(args: argparse.Namespace) -> dict[str, object]:
    name, cases = read_infilling(args.data)
    kind = KINDS[name]
    figures: dict[str, object] = {"benchmark": name, "of": len(cases)}
    cases = spread(cases, args.limit)
    if args.canonical:
        return {**figures, "model": "canonical", **measure(cases, [case["canonical_solution"] for case in cases])}
    with opened(args) as (model, tokenizer):
        answers = fill(model, tokenizer, [gap(case, kind) for case in cases], kind.tokens, args.batch, kind.one_line)
    middles = [answer.text + "\n" if kind.one_line else answer.text for answer in answers]
    stopped = sum(answer.has_stopped for answer in answers) / len(answers)
    figures |= {"model": str(args.model), "int4": args.int4, **measure(cases, middles)}
    return {**figures, "stopped": round(stopped, 4)}


def main() -> None:
    parser = make_parser("Pass@1 of HumanEval-Infilling.")
    parser.add_argument("--canonical", action="store_true", help="the authors' solutions instead of a model's")
    try:
        print(json.dumps(run(parser.parse_args())))
    except DataError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
