"""SantaCoder-FIM (Ben Allal et al., arXiv 2301.03988): one line taken out of a solution in Python, Java or JavaScript.

    python3 -m sotto_train.santacoder_fim fim_singleline.jsonl MODEL VOCABULARY [--limit 100] [--int4]

Prints a line of JSON: the share of lines that are exactly right, by language and in all, each with its standard error.
Two rules: `stripped` is how the harness of Qwen2.5-Coder compares (white space at both ends does not count), and
`strict` asks for the same characters, as an editor would keep them; white space at the line's end is no difference.

The data has lost the two line breaks around the gap, and the harness lets a model write the first one. Our prompt has
them, because the extension's always has: the cursor stands in an empty line.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from .benchmark import DataError, Gap, fill, make_parser, opened, read_cases, share, spread

SOURCE = (
    "https://huggingface.co/datasets/bigcode/santacoder-fim-task, or fim_singleline.jsonl under qwencoder-eval of "
    "https://github.com/QwenLM/Qwen2.5-Coder (train/README.md says how to make it of train.parquet)"
)
FIELDS = ("name", "language", "prompt", "suffix", "canonical_solution")
PATHS = {"py": "src/solution.py", "java": "src/Problem.java", "js": "src/solution.js"}  # the data has none
TOKENS = 64  # of an answer, as in the harness; the longest line has 219 characters


def read_santacoder_fim(path: Path) -> list[dict[str, str]]:
    cases = read_cases(path, FIELDS, SOURCE)
    if unknown := {case["language"] for case in cases} - set(PATHS):
        raise DataError(f"{path}: `language` {', '.join(sorted(unknown))}; expected one of {', '.join(PATHS)}")
    return cases


def gap(case: dict[str, str]) -> Gap:
    return Gap(PATHS[case["language"]], case["prompt"] + "\n", "\n" + case["suffix"])


def is_right(line: str, wanted: str, strict: bool) -> bool:
    return line.rstrip() == wanted.rstrip() if strict else line.strip() == wanted.strip()


def measure(cases: Sequence[dict[str, str]], lines: Sequence[str]) -> dict[str, dict[str, object]]:
    """{"all" or a language: {"cases", "stripped", "stripped_error", "strict", "strict_error"}}."""
    figures: dict[str, dict[str, object]] = {}
    for language in ("all", *sorted({case["language"] for case in cases})):
        own = [pair for pair in zip(cases, lines, strict=True) if language in ("all", pair[0]["language"])]
        # A program's lines, in whatever language: NAME.json-L26.
        programs = [case["name"].rpartition("-L")[0] for case, _ in own]
        figures[language] = {"cases": len(own)}
        for rule in ("stripped", "strict"):
            right = [is_right(line, case["canonical_solution"], rule == "strict") for case, line in own]
            figures[language][rule], figures[language][f"{rule}_error"] = share(right, programs)
    return figures


def run(args: argparse.Namespace) -> dict[str, object]:
    cases = read_santacoder_fim(args.data)
    shown = spread(cases, args.limit)
    with opened(args) as (model, tokenizer):
        answers = fill(model, tokenizer, [gap(case) for case in shown], TOKENS, args.batch, one_line=True)
    figures = {"benchmark": "SantaCoder-FIM", "of": len(cases), "model": str(args.model), "int4": args.int4}
    return {**figures, **measure(shown, [answer.text for answer in answers])}


def main() -> None:
    try:
        print(json.dumps(run(make_parser("Exact match of SantaCoder-FIM.").parse_args())))
    except DataError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
