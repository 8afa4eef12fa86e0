"""The extension's prompt in Python: what `src/prompt/build-prompt.ts` shows the model of a document.

Windows and measures both build on it, so that the model is trained and judged on what it will be asked.
"""

import math

from .tokenizer import END, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, PATH, Tokenizer

SUFFIX_SHARE = 1 / 4  # build-prompt.ts: the suffix's part of the room, at most
SHARE_AFTER_MOVE = 2 / 3  # sticky-window.ts: what remains of the prefix's room when its edge moves
CHARACTERS_PER_TOKEN = 5  # sticky-window.ts: more text than this cannot fit


def prompt_ids(tokenizer: Tokenizer, path: str, prefix: str, suffix: str) -> list[int]:
    """The layout of src/prompt/prompt-layout.ts. `suffix` begins at the end of the cursor's line."""
    special = tokenizer.special
    document = [special[PATH], *tokenizer.encode(f"{path}\n{prefix}")]
    if suffix == "":
        return document
    return [special[FIM_PREFIX], special[FIM_SUFFIX], *tokenizer.encode(suffix), special[FIM_MIDDLE], *document]


def end_ids(tokenizer: Tokenizer) -> list[int]:
    """What ends a suggestion: any special token."""
    return [tokenizer.special[END], *(at for name, at in tokenizer.special.items() if name != END)]


def build_prompt(tokenizer: Tokenizer, path: str, before: str, after: str, room: int) -> list[int]:
    """Prompt ids of the cursor between `before` and `after`, cut to `room` tokens as the extension cuts it."""
    return build_infill_prompt(tokenizer, path, before, after[line_end(after, 0) :], room)


def build_infill_prompt(tokenizer: Tokenizer, path: str, before: str, following: str, room: int) -> list[int]:
    """The same for any span: `following` is all that is shown of what comes after it."""
    room -= len(prompt_ids(tokenizer, path, "", "\n"))
    suffix = fit_start(tokenizer, following, int(room * SUFFIX_SHARE))
    suffix = suffix if suffix.strip() else ""
    prefix = fit_end(tokenizer, before, room - len(tokenizer.encode(suffix)), SHARE_AFTER_MOVE)
    return prompt_ids(tokenizer, path, prefix, suffix)


def line_end(text: str, at: int) -> int:
    """Where the line of `at` ends: before its line break."""
    end = text.find("\n", at)
    return len(text) if end == -1 else end


def fit_start(tokenizer: Tokenizer, text: str, tokens: int) -> str:
    """The beginning of `text`, whole lines if it has to be cut, within `tokens`."""
    text = cut_end(text, tokens * CHARACTERS_PER_TOKEN)
    while text and (count := len(tokenizer.encode(text))) > tokens:
        text = cut_end(text, len(text) * tokens // count)
    return text


def cut_end(text: str, length: int) -> str:
    """At most `length` characters, up to a line break if there is one."""
    if len(text) <= length:
        return text
    line_break = text.rfind("\n", 0, length + 1)
    return text[:line_break] if line_break > 0 else text[:length]


def fit_end(tokenizer: Tokenizer, text: str, tokens: int, share_after_cut: float = 1.0) -> str:
    """The end of `text` within `tokens`, from a line's start; within a share of them if it has to be cut."""
    text = text[line_start_after(text, len(text) - max(0, tokens) * CHARACTERS_PER_TOKEN) :]
    count = len(tokenizer.encode(text))
    target = tokens if count <= tokens else tokens * share_after_cut
    while text and count > target:
        text = text[line_start_after(text, math.ceil(len(text) * (1 - target / count))) :]
        count = len(tokenizer.encode(text))
    return text


def line_start_after(text: str, at: int) -> int:
    """The first line start at or after `at`; `at` itself where that would leave less than a third of the rest."""
    if at <= 0:
        return 0
    line_break = text.find("\n", at - 1)
    is_near = line_break != -1 and (len(text) - line_break - 1) * 3 >= len(text) - at
    return line_break + 1 if is_near else at
