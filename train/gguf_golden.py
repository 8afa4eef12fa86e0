"""Reference vectors for the GGUF reader: blocks of each type, and the values that the `gguf` package gives them.

    python3 train/gguf_golden.py [OUT_FOLDER]        (default: test/fixtures/gguf)

It writes OUT_FOLDER/types.json: for each type the bytes of a few blocks (base64) and their values as float32
(base64, little-endian). Levels are random bits, so that every packed bit matters; scales are ordinary halves, one
block has a scale of 0 and one a negative one.

And for each kind of vocabulary, OUT_FOLDER/KIND.gguf (a vocabulary of a few hundred tokens and no tensors) and what the
reference makes of some texts, in OUT_FOLDER/tokens.json: `tokenizers` with the settings of the models that the kind is
named after, or `sentencepiece`.
"""

import argparse
import base64
import json
from pathlib import Path

import gguf
import numpy as np
import sentencepiece
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

SEED = 20261122
BLOCKS = 5

# Where a block keeps its halves: scale, and minimum or the scale of the minimums.
HALVES: dict[str, tuple[int, ...]] = {
    "Q4_0": (0,),
    "Q4_1": (0, 2),
    "Q5_0": (0,),
    "Q5_1": (0, 2),
    "Q8_0": (0,),
    "Q2_K": (80, 82),
    "Q3_K": (108,),
    "Q4_K": (0, 2),
    "Q5_K": (0, 2),
    "Q6_K": (208,),
    "IQ4_NL": (0,),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference vectors of the GGUF reader.")
    parser.add_argument("out", nargs="?", type=Path, default=Path("test/fixtures/gguf"))
    out: Path = parser.parse_args().out
    rng = np.random.default_rng(SEED)
    types = {name: vector(name, rng) for name in [*HALVES, "F32", "F16", "BF16"]}
    document = {"source": f"gguf {gguf_version()}, numpy {np.__version__}", "types": types}
    out.mkdir(parents=True, exist_ok=True)
    (out / "types.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    texts = sample_texts(rng)
    kinds = {name: byte_pairs(out, name, texts) for name in PRE_TOKENIZERS}
    kinds["sentence-piece"] = sentence_piece(out, texts)
    tokens = {"texts": texts, "ids": kinds}
    (out / "tokens.json").write_text(json.dumps(tokens, separators=(",", ":")) + "\n", encoding="utf-8")


def vector(name: str, rng: np.random.Generator) -> dict[str, str]:
    kind = GGMLQuantizationType[name]
    blocks = float_blocks(name, rng) if name not in HALVES else quantised_blocks(name, rng)  # (blocks, bytes)
    values = gguf.dequantize(blocks, kind).astype("<f4")
    return {"bytes": encode(blocks.tobytes()), "values": encode(values.tobytes())}


def quantised_blocks(name: str, rng: np.random.Generator) -> np.ndarray:
    _, size = GGML_QUANT_SIZES[GGMLQuantizationType[name]]
    blocks = rng.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
    for at in HALVES[name]:
        halves = (rng.standard_normal(BLOCKS) * 0.03).astype("<f2")
        halves[0] = 0
        halves[1] = -0.0123
        blocks[:, at : at + 2] = halves.view(np.uint8).reshape(BLOCKS, 2)
    return blocks


def float_blocks(name: str, rng: np.random.Generator) -> np.ndarray:
    values = rng.standard_normal(32).astype("<f4")
    if name == "F32":
        return values.view(np.uint8).reshape(1, -1)
    return gguf.quantize(values, GGMLQuantizationType[name]).view(np.uint8).reshape(1, -1)


def split(pattern: str) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Split(Regex(pattern), behavior="isolated")


def byte_level(*, use_regex: bool) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)


def gpt4(digits: str) -> str:
    return (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + digits + r"| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


# As the tokenizer.json of GPT-2, SmolLM2, Llama 3, Qwen2.5-Coder and DeepSeek-Coder have them.
PRE_TOKENIZERS: dict[str, list[pre_tokenizers.PreTokenizer]] = {
    "gpt-2": [byte_level(use_regex=True)],
    "smollm": [pre_tokenizers.Digits(individual_digits=True), byte_level(use_regex=True)],
    "llama-bpe": [split(gpt4(r"\p{N}{1,3}")), byte_level(use_regex=False)],
    "qwen2": [split(gpt4(r"\p{N}")), byte_level(use_regex=False)],
    "deepseek-coder": [
        split(r"[\r\n]"),
        split(r"\s?\p{L}+"),
        split(r"\s?\p{P}+"),
        split(r"[一-龥ࠀ-一가-퟿]+"),
        pre_tokenizers.Digits(individual_digits=True),
        byte_level(use_regex=False),
    ],
}

# Code that stays as it is while its version is pinned, so that a second run trains the same vocabularies.
CODE = Path(np.__file__).parent / "lib"


def code_texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(CODE.glob("*.py"))]


def sample_texts(rng: np.random.Generator) -> list[str]:
    """Pieces of code, and pieces of everything else that Unicode has."""
    lines = [line for text in code_texts() for line in text.splitlines()]
    texts = ["\n".join(lines[at : at + 6]) for at in rng.integers(0, len(lines) - 6, 40)]
    odd = [
        "é",
        "e\u0301",
        "日本語",
        "עברית",
        "\u200d",
        "\u00a0",
        "\ufeff",
        "\u2028",
        "\u0085",
        "\u3000",
        "😀",
        "👩‍👩‍👧‍👦",
    ]
    odd += [
        "\0",
        "\x1b",
        "\x7f",
        "\ufffd",
        "²",
        "½",
        "٣",
        "Ⅷ",
        "ǅ",
        "'s",
        "'LL",
        "'ſ",
        "don't",
        "\r\n",
        "\r",
        "\t",
        " ",
    ]
    odd += [
        "   ",
        "\n\n",
        "1234567",
        "0xFF",
        "foo_bar",
        "XMLHttp",
        "=>",
        "();",
        "// ",
        "<|",
        "|>",
        "_",
        "$",
        "한국어",
        "ⅷ",
    ]
    texts += ["".join(odd[i] for i in rng.integers(0, len(odd), rng.integers(1, 20))) for _ in range(160)]
    return texts


def byte_pairs(out: Path, name: str, texts: list[str]) -> list[list[int]]:
    tokenizer = Tokenizer(models.BPE(ignore_merges=name == "llama-bpe"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(PRE_TOKENIZERS[name])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|endoftext|>"]
    )
    tokenizer.train_from_iterator(code_texts()[:20], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = sorted(model["vocab"], key=model["vocab"].get)
    writer = vocabulary_writer(out / f"{name}.gguf", "gpt2", vocabulary)
    writer.add_tokenizer_pre(name)
    writer.add_token_types([3] + [1] * (len(vocabulary) - 1))
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    writer.add_eos_token_id(0)
    finish(writer)
    return [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]


def sentence_piece(out: Path, texts: list[str]) -> list[list[int]]:
    """As LLaMA 1 and 2 have it: byte-pair encoding, bytes for what is unknown, one digit a token, spaces kept."""
    import io

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([line for text in code_texts()[:20] for line in text.splitlines()]),
        model_writer=model,
        model_type="bpe",
        vocab_size=700,
        byte_fallback=True,
        split_digits=True,
        allow_whitespace_only_pieces=True,
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        character_coverage=0.9995,
        user_defined_symbols=["▁▁▁▁▁▁"],
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    ids = range(processor.vocab_size())
    writer = vocabulary_writer(out / "sentence-piece.gguf", "llama", [processor.id_to_piece(i) for i in ids])
    writer.add_token_scores([processor.get_score(i) for i in ids])
    user_defined = processor.piece_to_id("▁▁▁▁▁▁")
    writer.add_token_types(
        [
            2
            if processor.is_unknown(i)
            else 3
            if processor.is_control(i)
            else 6
            if processor.is_byte(i)
            else 4
            if i == user_defined
            else 1
            for i in ids
        ]
    )
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    finish(writer)
    return [processor.encode(text) for text in texts]


def vocabulary_writer(path: Path, model: str, vocabulary: list[str]) -> gguf.GGUFWriter:
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model(model)
    writer.add_token_list(vocabulary)
    return writer


def finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def gguf_version() -> str:
    from importlib.metadata import version

    return version("gguf")


if __name__ == "__main__":
    main()
