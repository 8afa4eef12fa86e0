import json
import random
from pathlib import Path

import torch

from sotto_train.documents import WindowConfig, WindowMaker
from sotto_train.export import read_exported
from sotto_train.golden_prompts import PROMPTS, golden_prompts
from sotto_train.prompt import build_prompt, prompt_ids
from sotto_train.shards import list_shards, read_files
from sotto_train.tokenizer import FILE_SEP, Tokenizer
from typescript import REPOSITORY, run_typescript

STARTER = REPOSITORY / "models/sotto-starter"


def test_prompts_have_the_ids_of_the_starter() -> None:
    tokenizer = Tokenizer.load(STARTER)
    golden = json.loads((STARTER / "golden.json").read_text())
    assert [prompt_ids(tokenizer, *prompt) for prompt in PROMPTS] == [case["ids"] for case in golden]


def test_the_starter_computes_what_it_did_when_it_was_trained() -> None:
    golden = json.loads((STARTER / "golden.json").read_text())
    for ours, theirs in zip(golden_prompts(read_exported(STARTER), Tokenizer.load(STARTER)), golden, strict=True):
        logits = (torch.tensor(case["firstLogits"]) for case in (ours, theirs))
        torch.testing.assert_close(*logits, rtol=0, atol=2e-3)
        assert ours["greedy"] == theirs["greedy"]


def test_prompts_are_cut_as_the_extension_cuts_them(corpus: Path, vocabulary: Path, tmp_path: Path) -> None:
    rng = random.Random(3)
    tokenizer = Tokenizer.load(vocabulary)
    maker = WindowMaker(tokenizer, WindowConfig())
    files = [file for file in read_files(list_shards(corpus / "train")[0]) if file.text.isascii()]
    cases, ids = [], []
    for file in files:  # in ASCII, because JavaScript counts UTF-16 units
        cursor = rng.randrange(len(file.text))
        before, after, window = file.text[:cursor], file.text[cursor:], rng.choice((128, 384, 1024))
        others = [(other, other.text[:100]) for other in rng.sample(files, rng.choice((0, 2)) if window > 128 else 0)]
        shown = [{"path": other.short_path, "text": text} for other, text in others]
        place = {"path": file.short_path, "prefix": before, "suffix": after, "otherFiles": shown}
        cases.append({**place, "contextWindow": window})
        context = [at for other, text in others for at in [*maker.document(other, text).ids, maker.mark[FILE_SEP]]]
        own = build_prompt(tokenizer, file.short_path, before, after, window - 48 - len(context))
        ids.append(context + own)
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    run_typescript("prompt", vocabulary / "vocab.json", tmp_path / "cases.json", tmp_path / "ids.json")
    assert len(cases) > 30
    for case, ours, theirs in zip(cases, ids, json.loads((tmp_path / "ids.json").read_text()), strict=True):
        assert ours == theirs, case["path"]
