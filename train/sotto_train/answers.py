"""What a model writes after prompts: the rest of a line, or until it ends the text itself. Knows no measure."""

from collections.abc import Sequence
from dataclasses import dataclass

from .generate import continue_greedily
from .model import Transformer
from .prompt import end_ids
from .tokenizer import Tokenizer


@dataclass(frozen=True)
class Answer:
    text: str
    has_stopped: bool  # with a special token, rather than at a line break or for want of tokens


def answer(
    model: Transformer, tokenizer: Tokenizer, prompts: Sequence[Sequence[int]], limit: int, batch: int, one_line: bool
) -> list[Answer]:
    """Greedy answers of at most `limit` tokens, in the prompts' order; with `one_line` up to the first line break."""
    ends = set(end_ids(tokenizer))

    def is_done(_row: int, ids: list[int]) -> bool:
        return ids[-1] in ends or (one_line and b"\n" in tokenizer.bytes_of[ids[-1]])

    answers: dict[int, Answer] = {}
    ordered = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))  # like lengths together: less padding
    for first in range(0, len(ordered), batch):
        group = ordered[first : first + batch]
        for index, ids in zip(
            group, continue_greedily(model, [prompts[i] for i in group], limit, is_done), strict=True
        ):
            text = tokenizer.decode(ids)
            answers[index] = Answer(text.split("\n")[0] if one_line else text, ids[-1] in ends)
    return [answers[index] for index in range(len(prompts))]
