"""Where a document is split into prefix, middle and suffix. Pure: text and a random source, no tokens.

Splits fall on characters, so a cursor may stand inside a word. A suffix that begins with a line break says that the
line of the cursor is the middle's to end: so the extension asks for the rest of a line, and for the lines of a block.
One that begins inside a line says what the middle must meet: so it asks where something stands behind the cursor, and
so random spans ask. The suffix's first character tells the model which of them it is, and no other mark is needed.
"""

import random
import re
from dataclasses import dataclass

from .prompt import line_end

KINDS = ("left-to-right", "line", "span", "block", "rest")
LONGEST_SPAN = 600  # characters; spans are as likely between 6 and 12 as between 300 and 600
MOST_BLOCK_LINES = 24
CLOSING = re.compile(r"""[\])}>;,:'"`\s]*$""")
WORD_EDGE = re.compile(r"\b|(?<=\W)(?=\W)")


@dataclass(frozen=True)
class Split:
    """Prefix text[:cursor], middle text[cursor:end], suffix text[end:]."""

    kind: str
    cursor: int
    end: int


def choose_split(text: str, start: int, stop: int, rng: random.Random, rest: float = 0.0) -> Split | None:
    """A split whose cursor is in text[start:stop]: half lines, a quarter spans, a quarter blocks. Of the lines, the
    share `rest` leaves some of the line to the suffix."""
    kind = rng.choice(("line", "line", "span", "block"))
    if rest and kind == "line" and rng.random() < rest:
        kind = "rest"
    splits = {"line": line_split, "span": span_split, "block": block_split, "rest": rest_split}
    for _ in range(8):  # blank lines and the like are drawn again
        cursor = rng.randrange(start, max(start + 1, stop))
        split = splits[kind](text, cursor, rng)
        if split:
            return split
    return None


def line_split(text: str, cursor: int, _rng: random.Random) -> Split | None:
    """From the cursor to the end of its line. Each character is as likely, the end itself included."""
    if not text[line_start(text, cursor) : line_end(text, cursor)].strip():
        return None
    return Split("line", cursor, line_end(text, cursor))


def rest_split(text: str, cursor: int, rng: random.Random) -> Split | None:
    """From the cursor to what stands behind it in its line: half the time what closes the line, as editors and people
    write before they write what is inside, else all from some word or sign on."""
    end = line_end(text, cursor)
    line = text[cursor:end]
    closing = len(line) - len(CLOSING.search(line)[0])
    places = [at.start() for at in WORD_EDGE.finditer(line) if 0 < at.start() < len(line)]
    if closing < len(line) and rng.random() < 0.5:
        return Split("rest", cursor, cursor + closing)
    return Split("rest", cursor, cursor + rng.choice(places)) if places else None


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
