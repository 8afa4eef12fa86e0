"""Where a document is split into prefix, middle and suffix. Pure: text and a random source, no tokens.

Splits fall on characters, so a cursor may stand inside a word. The extension asks in two ways, and in both its suffix
begins with the line break that ends the cursor's line: for the rest of a line, and for the lines of a block. A random
span's suffix usually begins inside a line, so the suffix's first character tells the model which of them it is asked.
"""

import random
from dataclasses import dataclass

from .prompt import line_end

KINDS = ("left-to-right", "line", "span", "block")
LONGEST_SPAN = 600  # characters; spans are as likely between 6 and 12 as between 300 and 600
MOST_BLOCK_LINES = 24


@dataclass(frozen=True)
class Split:
    """Prefix text[:cursor], middle text[cursor:end], suffix text[end:]."""

    kind: str
    cursor: int
    end: int


def choose_split(text: str, start: int, stop: int, rng: random.Random) -> Split | None:
    """A split whose cursor is in text[start:stop]: half lines, a quarter spans, a quarter blocks."""
    kind = rng.choice(("line", "line", "span", "block"))
    for _ in range(8):  # blank lines and the like are drawn again
        cursor = rng.randrange(start, max(start + 1, stop))
        split = {"line": line_split, "span": span_split, "block": block_split}[kind](text, cursor, rng)
        if split:
            return split
    return None


def line_split(text: str, cursor: int, _rng: random.Random) -> Split | None:
    """From the cursor to the end of its line. Each character is as likely, the end itself included."""
    if not text[line_start(text, cursor) : line_end(text, cursor)].strip():
        return None
    return Split("line", cursor, line_end(text, cursor))


def span_split(text: str, cursor: int, rng: random.Random) -> Split | None:
    """Any characters: what the infilling benchmarks ask."""
    end = min(len(text), cursor + int(2 ** rng.uniform(0, LONGEST_SPAN.bit_length())))
    return Split("span", cursor, end) if text[cursor:end].strip() else None


def block_split(text: str, cursor: int, rng: random.Random) -> Split | None:
    """Whole lines: half the time the indented block that begins near the cursor, else one to a dozen lines."""
    at = line_start(text, cursor)
    if rng.random() < 0.5:
        at = opened_block(text, at)
        end = block_end(text, at) if at is not None else None
    else:
        end = line_end(text, at)
        for _ in range(rng.randrange(1, 12)):
            end = line_end(text, min(end + 1, len(text)))
    if end is None or not text[at:end].strip():
        return None
    return Split("block", block_cursor(text, at, rng), end)


def block_cursor(text: str, at: int, rng: random.Random) -> int:
    """Mostly after the first line's indentation, where an editor puts it; else anywhere in that line."""
    if rng.random() < 0.3:
        return rng.randrange(at, line_end(text, at) + 1)
    line = text[at : line_end(text, at)]
    return at + len(line) - len(line.lstrip(" \t"))


def opened_block(text: str, at: int) -> int | None:
    """The start of the first line from `at` on, within 40, that is indented deeper than the line before it."""
    indentation = indentation_at(text, at)
    for _ in range(40):
        end = line_end(text, at)
        if end == len(text):
            return None
        at = end + 1
        if not text[at : line_end(text, at)].strip():
            continue
        deeper = indentation_at(text, at)
        if deeper > indentation:
            return at
        indentation = deeper
    return None


def block_end(text: str, at: int) -> int | None:
    """Before the first line indented less than the one at `at`, as src/completion/sources/scope-end.ts ends a block."""
    indentation = indentation_at(text, at)
    end = last = line_end(text, at)
    for _ in range(MOST_BLOCK_LINES):
        if end == len(text):
            return last
        start, end = end + 1, line_end(text, end + 1)
        if text[start:end].strip():
            if indentation_at(text, start) < indentation:
                return last
            last = end
    return None


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def indentation_at(text: str, at: int) -> int:
    """Columns of white space that the line at `at` begins with; a tab counts as four, as in trigger.ts."""
    line = text[at : line_end(text, at)]
    return sum(4 if blank == "\t" else 1 for blank in line[: len(line) - len(line.lstrip(" \t"))])
