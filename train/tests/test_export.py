import json
import random
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from sotto_train.checkpoint import load_exported
from sotto_train.evaluate import EvaluateConfig, evaluate, rest_case, similarity
from sotto_train.export import export, read_exported
from sotto_train.export_gguf import HEADER_BYTES, export_gguf, pack_q4_0, pack_q8_0
from sotto_train.model import Transformer, preset
from sotto_train.pieces import join, split
from sotto_train.read_gguf import parts_of, read_gguf
from sotto_train.rounding import round_to_int4
from sotto_train.shards import SourceFile
from sotto_train.ship import licence, ship
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


def test_blocks_of_q8_0_may_share_a_scale() -> None:
    weight = torch.randn(8, 96, generator=torch.Generator().manual_seed(0))
    weight[3] = 0
    packed = pack_q8_0(weight, 64)
    scales = np.ascontiguousarray(packed.reshape(8, 3, 34)[:, :, :2]).view(np.float16)[:, :, 0]
    assert (scales[:, 0] == scales[:, 1]).all()
    assert (scales[:, 1] != scales[:, 2])[weight.any(1)].all()
    unpacked = torch.from_numpy(gguf.quants.dequantize(packed, gguf.GGMLQuantizationType.Q8_0))
    # Half a step, and what the rounding of the step to float16 adds.
    steps = torch.from_numpy(scales.astype(np.float32)).repeat_interleave(32, 1)
    assert ((unpacked - weight).abs() <= 0.6 * steps).all()


def test_a_model_in_parts_is_the_whole_one(exported: Path, tmp_path: Path) -> None:
    (whole,) = export_gguf(exported, tmp_path / "whole.gguf", "q8_0")
    parts = export_gguf(exported, tmp_path / "cut.gguf", "q8_0", most_bytes=HEADER_BYTES + whole.stat().st_size // 3)
    assert parts[0].name == f"cut-00001-of-{len(parts):05}.gguf"
    assert len(parts) > 1
    assert parts_of(parts[0]) == parts
    assert gguf.GGUFReader(parts[1]).fields["split.no"].contents() == 1
    (shape, tensors), (cut_shape, cut_tensors) = read_gguf(whole, 256), read_gguf(parts[0], 256)
    assert cut_shape == shape
    assert cut_tensors.keys() == tensors.keys()
    assert all(torch.equal(cut_tensors[name], tensors[name]) for name in tensors)


def test_a_folder_that_ships_is_the_rounded_model(exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "tiny-8"
    out.mkdir()
    (out / "old.gguf").write_bytes(b"")
    (part,) = ship(exported, out, "q8_0", scale_block=32)
    assert [path.name for path in out.glob("*.gguf")] == [part.name] == ["tiny-8.gguf"]
    assert json.loads((out / "sotto.json").read_text()) == {
        "name": "tiny-8",
        "contextWindow": 256,
        "gguf": "tiny-8.gguf",
    }
    exact, rounded = read_exported(exported), read_exported(out)
    # A run may start from it.
    other = Transformer(rounded.config)
    load_exported(out, other)
    assert all(torch.equal(a, b) for a, b in zip(rounded.parameters(), other.parameters(), strict=True))
    assert rounded.config == exact.config
    ids = torch.randint(2048, (1, 60), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        error = rounded.logits(ids) - exact.logits(ids)
        assert error.norm() < 0.05 * exact.logits(ids).norm()
        last = rounded.logits(torch.tensor([json.loads((out / "golden.json").read_text())[0]["ids"]]))[0, -1]
    golden = json.loads((out / "golden.json").read_text())[0]
    torch.testing.assert_close(last[:32], torch.tensor(golden["firstLogits"]), rtol=0, atol=1e-3)


def test_a_licence_that_is_not_known_is_refused() -> None:
    origin = {
        "file": "A.Q4.gguf",
        "sha256": "00",
        "general.license": "apache-2.0",
        "general.organization": "B",
        "tokens": {"whole": 9, "kept": 5},
    }
    assert "began as those of A by B" in licence("c", origin)
    with pytest.raises(ValueError, match=r"general\.license is other"):
        licence("c", {**origin, "general.license": "other"})


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
