import json
import random
from pathlib import Path

from sotto_train.make_vocabulary import halves
from sotto_train.tokenizer import RANKS, SPECIAL, Tokenizer, read_ranks
from typescript import REPOSITORY, run_typescript

CODE = ["const ", "return", "foo_bar", "XMLHttpRequest", "=>", "();", '"', "}", "\\n", "0xFF", "// ", "don't", "'S"]
BLANK = ["\n", "\r\n", "\r", "\t", " ", "    ", " " * 37, "\n\n\n", "\x0b\x0c", "\x1c", "\x85", "\xa0", "\u2028"]
# fmt: off
ODD = [
    "é", "e\u0301", "日本語", "ﷺ", "עברית",
    "😀", "👩‍👩‍👧‍👦", "𝔘", "\ufeff", "\ufffd", "\0", "\x7f",
    "\ud800", "\udfff", "٣", "Ⅷ",
]
# fmt: on


def odd_text(rng: random.Random) -> str:
    any_character = [chr(rng.randrange(0x3000)), chr(rng.randrange(0x110000))]
    return "".join(rng.choice(rng.choice([CODE, BLANK, ODD, any_character])) for _ in range(rng.randrange(60)))


def million_characters() -> list[str]:
    rng = random.Random(7)
    files = sorted(path for folder in ("src", "train") for path in (REPOSITORY / folder).rglob("*.[tp][sy]"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    texts += [(REPOSITORY / "package-lock.json").read_text(encoding="utf-8")[:300_000]]
    while sum(map(len, texts)) < 1_000_000:
        texts.append(odd_text(rng))
    return texts


def test_ids_are_those_of_the_extension(tmp_path: Path, vocabulary: Path) -> None:
    texts = million_characters()
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    run_typescript("encode", vocabulary / "vocab.json", tmp_path / "texts.json", tmp_path / "ids.json")
    tokenizer = Tokenizer.load(vocabulary)
    for text, ids in zip(texts, json.loads((tmp_path / "ids.json").read_text()), strict=True):
        assert tokenizer.encode(text) == ids, repr(text[:200])


def test_ids_give_the_text_back(vocabulary: Path) -> None:
    tokenizer = Tokenizer.load(vocabulary)
    rng = random.Random(1)
    for text in ["<|endoftext|> as data", *(odd_text(rng) for _ in range(500))]:
        ids = tokenizer.encode(text)
        assert tokenizer.decode(ids) == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        assert min(ids, default=6) >= len(SPECIAL)


def test_vocabulary_is_closed_under_merges(vocabulary: Path) -> None:
    kept = json.loads((vocabulary / "vocab.json").read_text())["kept"]
    tokens = read_ranks(RANKS)
    by_bytes = {token: rank for rank, token in tokens.items()}
    assert len(kept) + len(SPECIAL) == 2048
    assert {half for rank in kept for half in halves(tokens[rank], by_bytes)} <= set(kept)
