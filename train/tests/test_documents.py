import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from sotto_train.documents import GIVEN, MIDDLE, MIDDLE_END, TEXT, WindowConfig, WindowMaker
from sotto_train.make_windows import make_windows
from sotto_train.shards import SourceFile, list_shards, read_repositories
from sotto_train.splits import KINDS, Split, block_split, choose_split, line_split, rest_split
from sotto_train.tokenizer import SPECIAL, Tokenizer
from sotto_train.window_pool import Schedule

CODE = "def f(a):\n    if a:\n        b = 1\n        c = 2\n\n    return a\n\n\ndef g():\n    pass\n"


def marked(text: str, split: Split | None) -> str:
    """The middle between brackets."""
    assert split is not None
    return text[: split.cursor] + "[" + text[split.cursor : split.end] + "]" + text[split.end :]


def test_a_line_split_ends_with_its_line() -> None:
    assert marked("ab\ncd\n", line_split("ab\ncd\n", 1, random.Random(0))) == "a[b]\ncd\n"
    assert line_split("ab\n\ncd", 3, random.Random(0)) is None


def test_a_block_split_is_a_block_or_whole_lines() -> None:
    rng = random.Random(0)
    found = {marked(CODE, split) for _ in range(400) if (split := block_split(CODE, 3, rng))}
    assert CODE.replace("    if a:", "    [if a:").replace("return a", "return a]") in found
    assert all("]\n" in text or text.endswith("]") for text in found)


def test_half_are_lines_a_quarter_spans_a_quarter_blocks() -> None:
    rng = random.Random(0)
    text = CODE * 20
    kinds = Counter(choose_split(text, 0, len(text), rng).kind for _ in range(2000))
    assert 900 < kinds["line"] < 1100
    assert kinds["rest"] == 0
    with_rest = Counter(choose_split(text, 0, len(text), rng, rest=0.25).kind for _ in range(2000))
    assert with_rest["rest"] == pytest.approx(250, abs=80)


def test_a_rest_split_leaves_some_of_the_line_to_the_suffix() -> None:
    rng = random.Random(0)
    line = "    call(first, second);\n"
    found = {marked(line, split) for _ in range(200) if (split := rest_split(line, 9, rng))}
    assert "    call([first, second]);\n" in found
    assert "    call([first, ]second);\n" in found
    assert all("]\n" not in text for text in found)
    assert rest_split("word\n", 4, rng) is None


@pytest.fixture(scope="module")
def made(corpus: Path, vocabulary: Path) -> tuple[Tokenizer, list]:
    tokenizer = Tokenizer.load(vocabulary)
    maker = WindowMaker(tokenizer, WindowConfig(window=256))
    rng = random.Random(0)
    shards = list_shards(corpus / "train")
    windows = [(w, files) for s in shards for files in read_repositories(s) for w in maker.windows(files, rng)]
    return tokenizer, windows


def test_windows_are_full_and_in_the_shares_asked_for(made) -> None:
    _, windows = made
    kinds = Counter(KINDS[window.kind] for window, _ in windows)
    assert kinds["left-to-right"] / len(windows) == pytest.approx(0.4, abs=0.1)  # 1/3, and where nothing follows
    assert kinds["line"] > kinds["span"] > 0 < kinds["block"]
    assert np.mean([window.filled for window, _ in windows]) > 0.9 * 256


def test_other_files_may_have_middles_of_their_own(made, corpus: Path) -> None:
    tokenizer, _ = made
    maker = WindowMaker(tokenizer, WindowConfig(window=256, context=1, infilled_context=1))
    rng = random.Random(0)
    shards = list_shards(corpus / "train")
    windows = [w for shard in shards for files in read_repositories(shard) for w in maker.windows(files, rng)]
    ends = [int((window.roles == MIDDLE_END).sum()) for window in windows]
    assert max(ends) > 1
    for window in windows:
        marks = (window.ids == tokenizer.special["<|fim_middle|>"]).sum()
        assert marks == (window.roles == MIDDLE_END).sum()


def test_a_share_of_the_files_are_main_documents(made, corpus: Path) -> None:
    tokenizer, all_windows = made
    shards = list_shards(corpus / "train")
    maker = WindowMaker(tokenizer, WindowConfig(window=256, share=0.3))
    rng = random.Random(0)
    some = [w for shard in shards for files in read_repositories(shard) for w in maker.windows(files, rng)]
    assert 0 < len(some) < 0.8 * len(all_windows)


def test_a_window_has_its_length_whatever_the_paths(vocabulary: Path) -> None:
    tokenizer = Tokenizer.load(vocabulary)
    rng = random.Random(0)
    paths = [f"{name * 40}/{name * 30}.py" for name in ("ßøl", "文件", "a_b-")] + ["short/a.py", "short/b.py"]
    files = [SourceFile("owner/name", f"src/{path}", "python", CODE * (at % 3 + 1)) for at, path in enumerate(paths)]
    windows = [w for _ in range(20) for w in WindowMaker(tokenizer, WindowConfig(window=256)).windows(files, rng)]
    assert {len(window.ids) for window in windows} == {len(window.roles) for window in windows} == {256}


def test_a_middle_window_puts_the_file_together_again(made) -> None:
    tokenizer, windows = made
    special = tokenizer.special
    checked = 0
    for window, files in windows:
        if KINDS[window.kind] == "left-to-right":
            continue
        ids = window.ids[: window.filled].tolist()
        main = ids[len(ids) - ids[::-1].index(special["<|fim_prefix|>"]) - 1 :]
        middle_at = main.index(special["<|fim_middle|>"])
        suffix = tokenizer.decode(main[2:middle_at])
        assert main[1] == special["<|fim_suffix|>"]
        assert main[middle_at + 1] == special["<|path|>"]
        assert main[-1] == special["<|endoftext|>"]
        path, text = tokenizer.decode(main[middle_at + 2 : -1]).split("\n", 1)
        assert any(file.short_path == path and text + suffix in file.text for file in files)
        if KINDS[window.kind] not in ("span", "rest"):
            assert suffix.startswith("\n")
        checked += 1
    assert checked > 100


def test_roles_say_what_is_to_be_learnt(made) -> None:
    tokenizer, windows = made
    for window, _ in windows:
        roles = window.roles
        is_special = window.ids < len(tokenizer.special)
        assert all(roles[is_special & (window.ids != 0)] == GIVEN)
        ends = np.flatnonzero(roles == MIDDLE_END)
        assert len(ends) == (KINDS[window.kind] != "left-to-right")
        if len(ends):
            assert ends[0] == window.filled - 1
            assert roles[ends[0] - 1] in (MIDDLE, TEXT, GIVEN)
        assert all(roles[window.filled :] == GIVEN)


def test_a_token_at_the_cursor_is_whole_and_the_middles_unless_it_is_cut(made, corpus: Path) -> None:
    tokenizer, _ = made
    file = SourceFile("owner/name", "src/a.py", "python", "import argparse\nparser = argparse.ArgumentParser()\n" * 3)
    cursor = file.text.index("arse.ArgumentParser")
    split = Split("line", cursor, file.text.index("\n", cursor))
    pieces = {}
    for cut_tokens in (0.0, 1.0):
        maker = WindowMaker(tokenizer, WindowConfig(window=256, cut_tokens=cut_tokens))
        pieces[cut_tokens] = maker.fill_in_the_middle(file, split, 256, random.Random(0))
    middles = {
        share: [at for at, role in zip(piece.ids, piece.roles, strict=True) if role == MIDDLE]
        for share, piece in pieces.items()
    }
    assert middles[1.0] == tokenizer.encode("arse.ArgumentParser()")
    whole = tokenizer.encode(file.text[: split.end])
    assert middles[0.0] == whole[-len(middles[0.0]) :]
    assert tokenizer.decode(middles[0.0]).endswith("arse.ArgumentParser()")
    texts = {tokenizer.decode([at for at in piece.ids if at >= len(SPECIAL)]) for piece in pieces.values()}
    assert len(texts) == 1


def test_windows_depend_on_seed_and_epoch_only(corpus: Path, vocabulary: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        make_windows(corpus / "valid", vocabulary, tmp_path / name, WindowConfig(window=128, seed=seed), epochs=2)
    epochs = ("a/epoch-0", "b/epoch-0", "c/epoch-0", "a/epoch-1")
    tokens = {at: np.load(tmp_path / at / "000-0000.tokens.npy") for at in epochs}
    assert np.array_equal(tokens["a/epoch-0"], tokens["b/epoch-0"])
    assert not np.array_equal(tokens["a/epoch-0"], tokens["c/epoch-0"])
    assert not np.array_equal(tokens["a/epoch-0"], tokens["a/epoch-1"])


def test_processes_make_the_windows_of_one(windows: Path, corpus: Path, vocabulary: Path, tmp_path: Path) -> None:
    make_windows(corpus / "train", vocabulary, tmp_path, WindowConfig(window=64), workers=2)
    names = sorted(path.name for path in windows.glob("epoch-0/*"))
    assert len(names) == 8  # two shards' three arrays and figures
    for name in names:
        assert (tmp_path / "epoch-0" / name).read_bytes() == (windows / "epoch-0" / name).read_bytes()


def test_an_epoch_shows_each_window_once(windows: Path) -> None:
    schedule = Schedule([windows], seed=0)
    count = len(schedule.pools[0])
    whole = schedule.batch(0, count).ids
    parts = [schedule.batch(first, min(50, count - first)).ids for first in range(0, count, 50)]
    assert np.array_equal(np.concatenate(parts), whole)
    every = schedule.pools[0].rows(np.arange(count)).ids
    assert sorted(map(tuple, whole.tolist())) == sorted(map(tuple, every.tolist()))
    again = schedule.batch(count - 2, 4).ids  # over the end of the epoch, into another order
    assert np.array_equal(again[:2], whole[-2:])
    assert not np.array_equal(schedule.batch(count, count).ids, whole)


def test_targets_are_the_next_ids(windows: Path) -> None:
    batch = Schedule([windows], seed=0).batch(0, 4)
    assert np.array_equal(batch.targets[:, :-1], batch.ids[:, 1:])
    assert batch.roles[:, -1].sum() == 0
