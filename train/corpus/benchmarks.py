"""Recognises problems and solutions of HumanEval, its infilling sets, MBPP, MBXP and SantaCoder-FIM.

What is compared are hashes of the benchmarks' sentences and function names, in benchmarks.hashes, so that the
benchmarks' own text is not in this repository. `python3 -m corpus benchmarks` makes that file again.
SantaCoder-FIM and the infilling sets are cut from HumanEval, MBXP is MBPP in other languages: the same prompts.
"""

import gzip
import json
import re
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

HASHES = Path(__file__).with_name("benchmarks.hashes")
# Score at which a file goes. A prompt's sentence or a telling name is enough; of names that others might
# choose too (MBPP's remove_odd_numbers) it takes two, and so of MBPP's way to ask, which it shares with other
# collections of exercises, among them its sanitised edition with other words.
STRONG, WEAK, LIMIT = 2, 1, 2

_CALLED = re.compile(r"\b([A-Za-z]\w{11,})\s*\(")
_ASKED = re.compile(r"\bwrite an? (?:[\w+#]+ )?function to\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")
_TASK = re.compile(r"\bwrite an? \w+ (?:\w )?function")
_EXAMPLE = re.compile(r">|=>|[{;]\s*$|^\W*(irb|php)\b")
_LEAST_WORDS, _LEAST_LETTERS = 8, 40


def contains_benchmark(text: str) -> bool:
    """Whether the text holds a problem or a solution of a reserved benchmark."""
    known = _known()
    names = {name.replace("_", "").lower() for name in _CALLED.findall(text)}
    score = sum(known.get(_hash("name " + name), 0) for name in names)
    score += WEAK * len(_ASKED.findall(text))
    if score >= LIMIT:
        return True
    return any(
        known.get(_hash(words), 0) >= STRONG
        for line in text.split("\n")
        if len(line) >= _LEAST_LETTERS and (words := sentence(line))
    )


def sentence(line: str) -> str | None:
    """A line as its lower-case words, or None where it is too short to tell anything."""
    words = _WORD.findall(line.lower())
    joined = " ".join(words)
    if len(words) < _LEAST_WORDS or len(joined) < _LEAST_LETTERS:
        return None
    # MBXP names its language: "Write a Ruby function to ..." is MBPP's "Write a function to ...".
    return _TASK.sub("write a function", joined)


def write_hashes(problems: Iterable[tuple[str, str]], target: Path = HASHES) -> int:
    """Hashes of (benchmark, prompt) pairs into `target`; returns how many."""
    scores: dict[str, int] = {}
    for benchmark, prompt in problems:
        for line in prompt.split("\n"):
            if not _EXAMPLE.search(line) and (words := sentence(line)):
                scores[_hash(words)] = STRONG
        for name in _CALLED.findall(prompt):
            parts = [part for part in re.split(r"_|(?<=[a-z0-9])(?=[A-Z])", name) if part]
            key = _hash("name " + name.replace("_", "").lower())
            if len(parts) >= 3:
                telling = benchmark == "HumanEval" or len(parts) >= 4
                scores[key] = max(scores.get(key, 0), STRONG if telling else WEAK)
    lines = [f"{key} {score}" for key, score in sorted(scores.items())]
    target.write_text("\n".join(lines) + "\n", encoding="ascii")
    return len(lines)


def read_problems(folder: Path) -> Iterable[tuple[str, str]]:
    """(benchmark, prompt) of every problem in the .jsonl and .jsonl.gz files below a folder."""
    for path in sorted(folder.rglob("*.jsonl*")):
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                problem = json.loads(line)
                prompt = problem.get("prompt") or problem.get("text") or ""
                benchmark = "HumanEval" if "HumanEval" in str(problem.get("task_id", path.name)) else "MBPP"
                yield benchmark, prompt + "\n" + str(problem.get("description") or "")


@cache
def _known() -> dict[str, int]:
    rows = (line.split() for line in HASHES.read_text(encoding="ascii").splitlines())
    return {key: int(score) for key, score in rows}


def _hash(words: str) -> str:
    return blake2b(words.encode(), digest_size=8).hexdigest()
