"""From the files of one repository to training windows of a fixed length, each token with its role.

A window is one repository's: `CONTEXT* MAIN`, where

    CONTEXT   <|path|>FOLDER/FILE\\nTEXT<|file_sep|>
    MAIN      <|fim_prefix|><|fim_suffix|>SUFFIX<|fim_middle|><|path|>FOLDER/FILE\\nPREFIX MIDDLE<|endoftext|>
         or   <|path|>FOLDER/FILE\\nTEXT<|endoftext|>

so that MAIN begins as the extension's prompt does, and CONTEXT is what it will put before it. The extension's prompt
ends before the token at the cursor (token healing), so prefix and middle are mostly encoded as one text.

Everything in a window may see everything before it: nothing in it is unrelated, so attention needs no mask beyond the
causal one. Some of the other files may be split as MAIN is (`infilled_context`): a line's middle is a dozen of a
window's tokens, two are more.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .prompt import CHARACTERS_PER_TOKEN, SUFFIX_SHARE, fit_end, fit_start
from .shards import SourceFile
from .splits import KINDS, Split, choose_split, line_start
from .tokenizer import END, FILE_SEP, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, PATH, Tokenizer

# What a token is as a target. `train` gives each role a weight, so weights may change without tokenising again.
GIVEN = 0  # marks, paths, padding: the extension writes them, the model need not
TEXT = 1
MIDDLE = 2
MIDDLE_END = 3  # the end of text after a middle: one token among a thousand


@dataclass(frozen=True)
class WindowConfig:
    window: int = 1024  # tokens
    left_to_right: float = 1 / 3  # share of main documents
    context: float = 0.5  # share of windows that keep room for other files even if the main one could fill them
    rest: float = 0.25  # share of the lines whose suffix begins with some of the cursor's line
    infilled_context: float = 0.0  # share of the other files that are split, too: more middles in a window
    cut_tokens: float = 0.25  # share of the cursors that cut a token in two; at the others it belongs to the middle
    fresh_tokens: float = 0.75  # a file is a main document once in this share of a window
    share: float = 1.0  # of the files that are main documents; the others may still stand beside one
    seed: int = 0


@dataclass
class Piece:
    """A part of a window: ids and their roles, equally long."""

    ids: list[int] = field(default_factory=list)
    roles: list[int] = field(default_factory=list)

    def add(self, ids: list[int], role: int) -> "Piece":
        self.ids += ids
        self.roles += [role] * len(ids)
        return self

    def extend(self, other: "Piece") -> None:
        self.ids += other.ids
        self.roles += other.roles

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Window:
    ids: np.ndarray  # (window,) uint16
    roles: np.ndarray  # (window,) uint8
    kind: int  # index into KINDS
    language: str
    filled: int  # ids before the padding


class WindowMaker:
    """Deterministic: the same files, configuration and random source give the same windows."""

    def __init__(self, tokenizer: Tokenizer, config: WindowConfig) -> None:
        self.tokenizer = tokenizer
        self.config = config
        self.mark = tokenizer.special

    def windows(self, files: list[SourceFile], rng: random.Random) -> Iterator[Window]:
        """The windows of one repository: every file in turn, from its beginning to its end."""
        for file in files:
            if self.config.share < 1 and rng.random() >= self.config.share:
                continue
            tokens = len(self.tokenizer.encode(file.text))
            count = max(1, round(tokens / (self.config.window * self.config.fresh_tokens)))
            for index in range(count):
                start, stop = (len(file.text) * at // count for at in (index, index + 1))
                yield self.window(file, start, stop, files, rng)

    def window(
        self, file: SourceFile, start: int, stop: int, repository: list[SourceFile], rng: random.Random
    ) -> Window:
        """A window whose main document is `file`, around text[start:stop]."""
        size = self.config.window
        keeps_room = len(repository) > 1 and rng.random() < self.config.context
        room = size - int(size * rng.uniform(0.2, 0.6)) if keeps_room else size
        kind, main = self.main(file, start, stop, room, rng)
        before = self.context(file, size - len(main), repository, rng) if self.config.context else Piece()
        filled = len(before) + len(main)
        padding = [self.mark[END]] * (size - filled)
        return Window(
            np.array(before.ids + main.ids + padding, dtype=np.uint16),
            np.array(before.roles + main.roles + [GIVEN] * len(padding), dtype=np.uint8),
            KINDS.index(kind),
            file.language,
            filled,
        )

    def main(self, file: SourceFile, start: int, stop: int, room: int, rng: random.Random) -> tuple[str, Piece]:
        if rng.random() >= self.config.left_to_right:
            split = choose_split(file.text, start, stop, rng, self.config.rest)
            piece = self.fill_in_the_middle(file, split, room, rng) if split else None
            if split and piece:
                return split.kind, piece
        return "left-to-right", self.left_to_right(file, start, room, rng)

    def left_to_right(self, file: SourceFile, start: int, room: int, rng: random.Random) -> Piece:
        """From the line of `start` on. `cut_tokens` have one cut at a random character, as a cursor makes it."""
        begin = line_start(file.text, start)
        stop = begin + room * CHARACTERS_PER_TOKEN
        is_cut = rng.random() < self.config.cut_tokens
        cursor = rng.randrange(begin, min(stop, len(file.text)) + 1) if is_cut else stop
        piece = self.document(file, file.text[begin:cursor])
        piece.add(self.tokenizer.encode(file.text[cursor:stop]), TEXT)
        if stop >= len(file.text):
            piece.add([self.mark[END]], TEXT)
        return Piece(piece.ids[:room], piece.roles[:room])

    def fill_in_the_middle(self, file: SourceFile, split: Split, room: int, rng: random.Random) -> Piece | None:
        """None where the extension would not ask so (nothing follows, or the middle is half the window), or if it is
        longer than its room: a path can be."""
        text = file.text
        middle = text[split.cursor : split.end]
        length = len(self.tokenizer.encode(middle))
        if length > room // 2 or not text[split.end :].strip():
            return None
        whole_room = room
        room -= 4 + len(self.tokenizer.encode(f"{file.short_path}\n")) + length + 1
        share = SUFFIX_SHARE if rng.random() < 0.5 else rng.uniform(0.02, 0.5)
        suffix = fit_start(self.tokenizer, text[split.end :], int(room * share))
        if not suffix.strip():
            return None
        after = self.tokenizer.encode(suffix)
        prefix = fit_end(self.tokenizer, text[: split.cursor], room - len(after))
        piece = Piece().add([self.mark[FIM_PREFIX], self.mark[FIM_SUFFIX]], GIVEN)
        piece.add(after, TEXT).add([self.mark[FIM_MIDDLE]], GIVEN)
        if rng.random() < self.config.cut_tokens:
            piece.extend(self.document(file, prefix))
            piece.add(self.tokenizer.encode(middle), MIDDLE)
        else:
            piece.extend(self.document_with_middle(file, prefix, middle))
        piece.add([self.mark[END]], MIDDLE_END)
        return piece if len(piece) <= whole_room else None

    def context(self, main: SourceFile, room: int, repository: list[SourceFile], rng: random.Random) -> Piece:
        """One or two other files, or parts of them; up to four where they are short."""
        context = Piece()
        others = related_files(main, repository, rng)
        wanted = rng.choice((1, 2))
        for index, file in enumerate(others[:4]):
            left = room - len(context)
            if left < 32:
                break
            share = rng.uniform(0.3, 0.7) if index + 1 < wanted else 1.0
            part = self.context_part(file, int(left * share), rng)
            if len(part) <= left:  # a path alone may be longer
                context.extend(part)
        return context

    def context_part(self, file: SourceFile, room: int, rng: random.Random) -> Piece:
        """Another file as the extension shows it, or with a middle of its own."""
        if self.config.infilled_context and rng.random() < self.config.infilled_context:
            split = choose_split(file.text, 0, len(file.text), rng, self.config.rest)
            if split and (piece := self.fill_in_the_middle(file, split, room, rng)):
                return piece
        return self.part(file, room, rng)

    def part(self, file: SourceFile, room: int, rng: random.Random) -> Piece:
        """All of a file, or as many whole lines from a random line on as there is room for, and a separator."""
        room = max(0, room - 2 - len(self.tokenizer.encode(f"{file.short_path}\n")))
        may_fit = len(file.text) <= room * CHARACTERS_PER_TOKEN
        text = fit_start(self.tokenizer, file.text, room) if may_fit else ""
        if len(text) < len(file.text):
            last = len(file.text) - 2 * room  # characters: about enough for the room that there is
            text = file.text[line_start(file.text, rng.randrange(max(1, last))) :]
            text = fit_start(self.tokenizer, text, room)
        return self.document(file, text).add([self.mark[FILE_SEP]], GIVEN)

    def document_with_middle(self, file: SourceFile, prefix: str, middle: str) -> Piece:
        """The prefix and its middle, encoded as one; a token that the cursor would cut is the middle's."""
        piece = self.document(file, prefix + middle)
        begin = len(f"{file.short_path}\n{prefix}".encode(errors="replace"))
        at = 0
        for index, token in enumerate(piece.ids):
            at += len(self.tokenizer.bytes_of[token])
            if at > begin and piece.roles[index] == TEXT:
                piece.roles[index] = MIDDLE
        return piece

    def document(self, file: SourceFile, text: str) -> Piece:
        """`<|path|>FOLDER/FILE\\nTEXT`, encoded as one, as prompts are. No token spans a path and its line break."""
        path = len(self.tokenizer.encode(file.short_path))
        ids = self.tokenizer.encode(f"{file.short_path}\n{text}")
        return Piece().add([self.mark[PATH], *ids[:path]], GIVEN).add(ids[path:], TEXT)


def related_files(main: SourceFile, repository: list[SourceFile], rng: random.Random) -> list[SourceFile]:
    """Some other files, those first that `main` names (as its imports do), then those of its folder."""
    sample = [file for file in rng.sample(repository, min(16, len(repository))) if file is not main]
    return sorted(sample, key=lambda file: distance(main, file))


def distance(main: SourceFile, other: SourceFile) -> int:
    """0: `main` names it. 1: of its folder. 2: of its repository."""
    folder, _, name = other.path.rpartition("/")
    stem = name.split(".")[0]
    is_named = len(stem) >= 4 and stem in main.text
    return 0 if is_named else 1 if folder == main.path.rpartition("/")[0] else 2
