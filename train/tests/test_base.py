import json
import os
import random
from pathlib import Path

import gguf
import numpy as np
import pytest
import tokenizers
import torch
from safetensors.torch import load_file
from test_tokenizer import million_characters, odd_text
from tokenizers import models, pre_tokenizers, trainers

from sotto_train.base import MARK_WORDS, make_base, read_vocabulary
from sotto_train.base_vocabulary import MARKS, SPARE
from sotto_train.byte_level import byte_characters
from sotto_train.export import export, read_exported
from sotto_train.export_gguf import LAYER_NAMES, export_gguf, interleave
from sotto_train.model import ModelConfig, Transformer
from sotto_train.shards import list_shards, read_files
from sotto_train.tokenizer import SPECIAL, Tokenizer
from typescript import run_typescript

WHOLE = ModelConfig(vocab_size=1500, layers=2, width=64, heads=4, kv_heads=2, feed_forward=96, context=64)
ABSENT = "\x04"  # a byte that the whole vocabulary lacks


def whole_tokenizer(corpus: Path) -> tokenizers.Tokenizer:
    """Trained on the corpus, with SmolLM2's cuts and marks."""
    whole = tokenizers.Tokenizer(models.BPE())
    digits = pre_tokenizers.Digits(individual_digits=True)
    whole.pre_tokenizer = pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    alphabet = [character for byte, character in enumerate(byte_characters()) if byte != ord(ABSENT)]
    marks = [*MARKS.values(), SPARE]
    trainer = trainers.BpeTrainer(vocab_size=WHOLE.vocab_size, initial_alphabet=alphabet, special_tokens=marks)
    files = (file.text for shard in list_shards(corpus / "train") for file in read_files(shard))
    whole.train_from_iterator((text.replace(ABSENT, "") for text in files), trainer)
    return whole


def write_gguf(path: Path, model: Transformer, whole: tokenizers.Tokenizer) -> None:
    bpe = json.loads(whole.to_str())["model"]
    spellings = sorted(bpe["vocab"], key=bpe["vocab"].get)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("whole")
    writer.add_license("apache-2.0")
    shape = model.config
    writer.add_block_count(shape.layers)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_layer_norm_rms_eps(shape.norm_eps)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(spellings)
    control = {*MARKS.values(), SPARE}
    kinds = [gguf.TokenType.CONTROL if token in control else gguf.TokenType.NORMAL for token in spellings]
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in bpe["merges"]])
    heads = {"num_attention_heads": shape.heads, "num_key_value_heads": shape.kv_heads}
    for name, tensor in model.state_dict().items():
        writer.add_tensor(theirs(name), interleave(name, tensor, heads).numpy().astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def theirs(name: str) -> str:
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{LAYER_NAMES[rest.removesuffix('.weight')]}.weight"


@pytest.fixture(scope="module")
def base(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Transformer, tokenizers.Tokenizer]:
    """The folder, and the whole model and vocabulary that it is cut from."""
    folder = tmp_path_factory.mktemp("base")
    whole = whole_tokenizer(corpus)
    model = Transformer(WHOLE)
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.data = (0.1 * noise if parameter.dim() == 2 else 1 + 0.1 * noise).half().float()
    write_gguf(folder / "whole.gguf", model, whole)
    make_base(folder / "whole.gguf", corpus / "train", folder / "base", size=800, context=256, every=1)
    return folder / "base", model, whole


def test_the_cut_model_says_what_the_whole_one_says_of_the_tokens_kept(base) -> None:
    folder, model, whole = base
    tokenizer, cut = Tokenizer.load(folder), read_exported(folder)
    ids = [at for at in tokenizer.encode("def f(self):\n    return 12\n") if at >= len(SPECIAL)][:16]
    places = [whole.token_to_id(spelling_of(tokenizer, at)) for at in ids]
    kept = range(len(SPECIAL) + 1, len(tokenizer))
    rows = [whole.token_to_id(spelling_of(tokenizer, at)) for at in kept]
    with torch.no_grad():
        theirs = model.logits(torch.tensor([places]))[..., rows]
        torch.testing.assert_close(cut.logits(torch.tensor([ids]))[..., list(kept)], theirs, rtol=1e-3, atol=1e-3)


def spelling_of(tokenizer: Tokenizer, at: int) -> str:
    return "".join(byte_characters()[byte] for byte in tokenizer.bytes_of[at])


def test_marks_have_the_rows_of_theirs_or_of_their_words_and_absent_bytes_a_spare_one(base) -> None:
    folder, model, whole = base
    table = load_file(folder / "model.safetensors")["model.embed_tokens.weight"].float()
    tokenizer = Tokenizer.load(folder)
    for at, (ours, theirs) in enumerate([*MARKS.items(), ("", SPARE)]):
        if ours in MARK_WORDS:
            mean = table[tokenizer.encode(MARK_WORDS[ours])].mean(0)
            torch.testing.assert_close(table[at], mean, rtol=1e-3, atol=1e-3)
        else:
            assert torch.equal(table[at], model.model.embed_tokens.weight[whole.token_to_id(theirs)])
    assert tokenizer.bytes_of[len(SPECIAL)] == ABSENT.encode()


def test_no_two_marks_have_the_same_row(base) -> None:
    folder, _, _ = base
    marks = load_file(folder / "model.safetensors")["model.embed_tokens.weight"].float()[: len(SPECIAL)]
    alike = torch.nn.functional.cosine_similarity(marks[:, None], marks[None], dim=-1)
    assert (alike - torch.eye(len(SPECIAL))).max() < 0.95


def test_the_cut_vocabulary_is_closed_under_merges(base) -> None:
    folder, _, _ = base
    bpe = json.loads((folder / "tokenizer.json").read_text())["model"]
    made = {left + right for left, right in bpe["merges"]}
    assert len(bpe["vocab"]) == 800
    assert {spelling for spelling in bpe["vocab"] if len(spelling) > 1} == made | set(SPECIAL)
    assert {part for pair in bpe["merges"] for part in pair} <= set(bpe["vocab"])


def test_text_of_kept_tokens_is_cut_as_the_whole_vocabulary_cuts_it(base) -> None:
    folder, _, whole = base
    tokenizer = Tokenizer.load(folder)
    kept = {spelling_of(tokenizer, at) for at in range(len(tokenizer))}
    alike = 0
    for text in Path(__file__).read_text().splitlines():
        pieces = [whole.id_to_token(at) for at in whole.encode(text).ids]
        if text.strip() and kept.issuperset(pieces):
            alike += [spelling_of(tokenizer, at) for at in tokenizer.encode(text)] == pieces
    assert alike > 0


def test_ids_are_those_of_the_extension_over_a_million_characters(base, tmp_path: Path) -> None:
    """Of the tiny base, or of the one that SOTTO_BASE names."""
    folder = Path(os.environ.get("SOTTO_BASE", base[0]))
    texts = million_characters()
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    run_typescript("encode-folder", folder, tmp_path / "texts.json", tmp_path / "ids.json")
    tokenizer = Tokenizer.load(folder)
    for text, ids in zip(texts, json.loads((tmp_path / "ids.json").read_text()), strict=True):
        assert tokenizer.encode(text) == ids, repr(text[:200])


def test_ids_give_the_text_back_and_no_text_is_a_mark(base) -> None:
    tokenizer = Tokenizer.load(base[0])
    rng = random.Random(1)
    for text in ["<|endoftext|> as data", ABSENT, *(odd_text(rng) for _ in range(300))]:
        ids = tokenizer.encode(text)
        assert tokenizer.decode(ids) == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        assert min(ids, default=6) >= len(SPECIAL)


def test_an_export_of_a_run_keeps_the_vocabulary_and_says_where_it_is_from(base, tmp_path: Path) -> None:
    folder, _, _ = base
    export(read_exported(folder), folder, tmp_path / "out", "adapted", weight_bits=4)
    assert (tmp_path / "out/tokenizer.json").read_text() == (folder / "tokenizer.json").read_text()
    origin = json.loads((tmp_path / "out/origin.json").read_text())
    assert origin["general.license"] == "apache-2.0"
    assert origin["tokens"] == {"whole": WHOLE.vocab_size, "kept": 800}


def test_a_gguf_of_it_has_its_vocabulary_and_licence(base, tmp_path: Path) -> None:
    folder, _, _ = base
    export_gguf(folder, tmp_path / "base.gguf", "q4_0")
    read = read_vocabulary(gguf.GGUFReader(tmp_path / "base.gguf"))
    bpe = json.loads((folder / "tokenizer.json").read_text())["model"]
    assert {spelling: at for at, spelling in enumerate(read.spellings)} == bpe["vocab"]
    assert [list(pair) for pair in read.merges] == bpe["merges"]
    assert list(read.marks) == list(SPECIAL)
    assert gguf.GGUFReader(tmp_path / "base.gguf").fields["general.license"].contents() == "apache-2.0"
