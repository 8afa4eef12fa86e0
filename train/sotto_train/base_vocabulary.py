"""Other people's byte-level vocabulary, cut to what a corpus uses, with our marks in front.

The choice is closed under merges: with a token, both halves that it is merged from are kept, and theirs. So what the
cut vocabulary makes of a text is what the whole one does, wherever that uses kept tokens alone.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tokenizers

from .byte_level import byte_characters
from .shards import list_shards, read_files
from .tokenizer import END, FILE_SEP, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, PATH
from .tokenizer_json import byte_pair_model

# Our marks, in the order of their ids, and whose rows of SmolLM2's table they take.
MARKS = {
    END: "<|endoftext|>",
    FIM_PREFIX: "<issue_start>",
    FIM_MIDDLE: "<jupyter_code>",
    FIM_SUFFIX: "<issue_comment>",
    PATH: "<filename>",
    FILE_SEP: "<file_sep>",
}
SPARE = "<empty_output>"  # whose row the bytes take that the whole vocabulary lacks


@dataclass(frozen=True)
class Vocabulary:
    """Byte-level, cut into single digits first, as SmolLM2's."""

    spellings: Sequence[str]  # of each id, in GPT-2's byte characters; of a mark its name
    merges: Sequence[tuple[str, str]]  # the ids of what they make ascend
    marks: Sequence[str]

    def parts(self) -> dict[str, tuple[str, str]]:
        """What a spelling is merged from."""
        return {left + right: (left, right) for left, right in self.merges}


@dataclass(frozen=True)
class Cut:
    vocabulary: Vocabulary
    rows: list[int]  # of the whole table, for each id


def count_tokens(corpus: Path, vocabulary: Vocabulary, every: int) -> tuple[Counter[str], int]:
    """How often each token stands in one file of `every`, and the bytes of those files."""
    library = tokenizers.Tokenizer.from_str(json.dumps({**tokenizer_json(vocabulary), "added_tokens": []}))
    counts: Counter[int] = Counter()
    read = 0
    files = (file for shard in list_shards(corpus) for file in read_files(shard))
    for number, file in enumerate(files):
        if number % every == 0:
            counts.update(library.encode(file.text, add_special_tokens=False).ids)
            read += len(file.text.encode("utf-8", errors="replace"))
    return Counter({vocabulary.spellings[id_]: count for id_, count in counts.items()}), read


def cut(whole: Vocabulary, counts: Counter[str], size: int) -> Cut:
    """Our marks, every byte, then the most used tokens with all that they are merged from, `size` in all."""
    place = {spelling: at for at, spelling in enumerate(whole.spellings)}
    parts = whole.parts()
    lacking = [character for character in byte_characters() if character not in place]
    kept = {character for character in byte_characters() if character in place}
    room = size - len(MARKS) - len(lacking)
    for spelling, _ in sorted(counts.items(), key=lambda item: (-item[1], place[item[0]])):
        needed = with_ancestors(spelling, parts) - kept
        if len(kept) + len(needed) <= room:
            kept |= needed
    # In the order of the whole vocabulary, so that ids still ascend as merges do.
    spellings = sorted(kept, key=place.__getitem__)
    merges = [pair for pair in whole.merges if "".join(pair) in kept and kept.issuperset(pair)]
    rows = [place[name] for name in (*MARKS.values(), *[SPARE] * len(lacking), *spellings)]
    return Cut(Vocabulary([*MARKS, *lacking, *spellings], merges, list(MARKS)), rows)


def with_ancestors(spelling: str, parts: dict[str, tuple[str, str]]) -> set[str]:
    """`spelling` and everything that it is merged from."""
    found: set[str] = set()
    todo: list[str] = [spelling]
    while todo:
        spelling = todo.pop()
        if spelling not in found:
            found.add(spelling)
            todo += parts.get(spelling, ())
    return found


def tokenizer_json(vocabulary: Vocabulary) -> dict[str, object]:
    """As Hugging Face's library and the extension read it."""
    ids = {spelling: at for at, spelling in enumerate(vocabulary.spellings)}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    digits = {"type": "Digits", "individual_digits": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": marks_of(vocabulary.marks, ids),
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [digits, byte_level]},
        "post_processor": None,
        "decoder": byte_level,
        "model": byte_pair_model(ids, vocabulary.merges),
    }


def marks_of(names: Iterable[str], ids: dict[str, int]) -> list[dict[str, object]]:
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [{"id": ids[name], "content": name, **plain, "special": True} for name in names]
