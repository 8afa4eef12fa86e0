import json
import random
from pathlib import Path

import gguf
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from sotto_train.checkpoint import load_exported
from sotto_train.evaluate import EvaluateConfig, evaluate, rest_case, similarity
from sotto_train.export import export, read_exported
from sotto_train.export_gguf import export_gguf, pack_q4_0
from sotto_train.model import Transformer, preset
from sotto_train.pieces import join, split
from sotto_train.rounding import round_to_int4
from sotto_train.shards import SourceFile
from sotto_train.tokenizer import Tokenizer


@pytest.fixture(scope="module", params=[False, True], ids=["llama", "qwen3"])
def exported(request, vocabulary: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = Transformer(preset("tiny", qk_norm=request.param))
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.data = 0.1 * noise if parameter.dim() == 2 else 1 + 0.1 * noise
    folder = tmp_path_factory.mktemp("exported")
    export(model, vocabulary, folder, "tiny", weight_bits=4)
    return folder


def check_logits(theirs: torch.nn.Module, folder: Path) -> None:
    ids = torch.randint(2048, (2, 60), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(theirs(ids).logits, read_exported(folder).logits(ids), rtol=1e-4, atol=1e-4)


def test_transformers_opens_the_folder(exported: Path) -> None:
    check_logits(AutoModelForCausalLM.from_pretrained(exported, dtype=torch.float32), exported)


def test_transformers_tokenises_alike(exported: Path) -> None:
    from test_tokenizer import million_characters

    ours, theirs = Tokenizer.load(exported), AutoTokenizer.from_pretrained(exported)
    # Those spellings are special there; and its white space is Unicode's, not JavaScript's.
    texts = [t for t in million_characters() if not any(odd in t for odd in (*ours.special, "\ufeff", "\x85"))]
    texts = [t for t in texts if t.encode(errors="replace").decode() == t]
    assert sum(map(len, texts)) > 300_000
    for text in texts:
        assert theirs.encode(text, add_special_tokens=False) == ours.encode(text), repr(text[:200])


def test_the_extension_finds_its_files(exported: Path) -> None:
    assert json.loads((exported / "sotto.json").read_text()) == {"name": "tiny", "contextWindow": 256, "weightBits": 4}
    golden = json.loads((exported / "golden.json").read_text())
    assert [len(case["greedy"]) for case in golden] == [24] * 5
    assert golden[0]["top5"][0][0] == golden[0]["greedy"][0]


def test_gguf_opens_in_transformers(exported: Path, tmp_path: Path) -> None:
    export_gguf(exported, tmp_path / "model.gguf", "f16")
    if read_exported(exported).config.qk_norm:
        # transformers 5.23 does not read a Qwen3 GGUF's head size and takes 128, so its names are all that is checked.
        names = {tensor.name for tensor in gguf.GGUFReader(tmp_path / "model.gguf").tensors}
        assert {"blk.0.attn_q_norm.weight", "blk.0.attn_k_norm.weight"} <= names
        return
    check_logits(AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="model.gguf", dtype=torch.float32), exported)


def test_a_float32_gguf_has_the_folders_very_numbers(exported: Path, tmp_path: Path) -> None:
    export_gguf(exported, tmp_path / "model.gguf", "f32")
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(tmp_path / "model.gguf").tensors}
    assert {tensor.tensor_type for tensor in tensors.values()} == {gguf.GGMLQuantizationType.F32}
    table = load_file(exported / "model.safetensors")["model.embed_tokens.weight"].float()
    assert torch.equal(torch.from_numpy(tensors["token_embd.weight"].data.copy()), table)


def test_q4_0_has_the_levels_of_the_extension() -> None:
    weight = torch.randn(16, 96, generator=torch.Generator().manual_seed(0)).half().float()
    unpacked = gguf.quants.dequantize(pack_q4_0(weight), gguf.GGMLQuantizationType.Q4_0)
    torch.testing.assert_close(torch.from_numpy(unpacked), round_to_int4(weight), rtol=1e-3, atol=1e-6)


def test_a_run_may_start_from_an_exported_folder(exported: Path) -> None:
    model = read_exported(exported)
    other = Transformer(model.config)
    load_exported(exported, other)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), other.parameters(), strict=True))


def test_pieces_join_to_what_was_split(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "a/two").write_bytes(b"")
    assert split(tmp_path / "a", tmp_path / "pieces", 1000) == 3
    join(tmp_path / "pieces", tmp_path / "b")
    assert {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()} == {
        "one": bytes(range(256)) * 10,
        "two": b"",
    }
    (tmp_path / "pieces/001.piece").write_bytes(b"other")
    with pytest.raises(ValueError, match=r"001\.piece is missing or damaged"):
        join(tmp_path / "pieces", tmp_path / "c")


def test_measures_have_their_slices(exported: Path, corpus: Path) -> None:
    config = EvaluateConfig(cases=8, blocks=2, rests=4, line_tokens=8, block_tokens=8, batch=4)
    figures = evaluate(read_exported(exported), Tokenizer.load(exported), corpus / "valid", config)
    line = figures["line"]
    assert line["all"]["cases"] == 8
    assert line["inside a word"]["cases"] + line["at a boundary"]["cases"] == 8
    assert figures["rest"]["all"]["cases"] == 4
    assert figures["block"]["all"]["cases"] == 2


def test_what_is_missing_before_the_rest_of_a_line_is_asked_for(vocabulary: Path) -> None:
    tokenizer = Tokenizer.load(vocabulary)
    file = SourceFile("a/b", "c.py", "python", "x = call(first, second)\n" * 3)
    cases = [case for seed in range(60) if (case := rest_case(tokenizer, file, 200, random.Random(seed)))]
    middle = tokenizer.special["<|fim_middle|>"]
    for case in cases:
        suffix = tokenizer.decode(case.prompt[2 : case.prompt.index(middle)])
        assert case.prompt[:2] == [tokenizer.special["<|fim_prefix|>"], tokenizer.special["<|fim_suffix|>"]]
        assert not suffix.startswith("\n")
        before = tokenizer.decode(case.prompt[case.prompt.index(middle) + 2 :]).removeprefix("c.py\n")
        assert (before + case.wanted + suffix).strip() in file.text
    assert {case.wanted for case in cases} & {"first, second", "call", "first"}


def test_similarity_counts_edits() -> None:
    assert similarity("kitten", "sitting") == pytest.approx(1 - 3 / 7)
    assert similarity("", "") == 1
    assert similarity("", "abc") == 0
