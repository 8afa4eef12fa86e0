"""Reference vectors for the GGUF reader: blocks of each type, and the values that the `gguf` package gives them.

    python3 train/gguf_golden.py [OUT_FOLDER]        (default: test/fixtures/gguf)

It writes OUT_FOLDER/types.json: for each type the bytes of a few blocks (base64) and their values as float32
(base64, little-endian). Levels are random bits, so that every packed bit matters; scales are ordinary halves, one
block has a scale of 0 and one a negative one.

And for each kind of vocabulary, OUT_FOLDER/KIND.gguf (a vocabulary of a few hundred tokens and no tensors) and what the
reference makes of some texts, in OUT_FOLDER/tokens.json: `tokenizers` with the settings of the models that the kind is
named after, or `sentencepiece`.

OUT_FOLDER/ways-to-cut.gguf is one vocabulary for every way to cut a text that llama.cpp has a name for (WAYS). It is
trained without cutting, so its merges span all places where one of the ways cuts. OUT_FOLDER/tokens.json has the names
of each way, and what `tokenizers` makes of some texts with the pattern that the family published.
"""

import argparse
import base64
import json
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import sentencepiece
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

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
# Types that were added later. They have their own random numbers, so that the others keep theirs.
NEWER_HALVES: dict[str, tuple[int, ...]] = {"IQ4_XS": (0,), "TQ1_0": (52,), "TQ2_0": (64,)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference vectors of the GGUF reader.")
    parser.add_argument("out", nargs="?", type=Path, default=Path("test/fixtures/gguf"))
    out: Path = parser.parse_args().out
    rng = np.random.default_rng(SEED)
    types = {name: vector(name, rng) for name in [*HALVES, "F32", "F16", "BF16"]}
    newer = np.random.default_rng(SEED + 1)
    types |= {name: vector(name, newer) for name in NEWER_HALVES}
    document = {"source": f"gguf {gguf_version()}, numpy {np.__version__}", "types": types}
    out.mkdir(parents=True, exist_ok=True)
    (out / "types.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    texts = sample_texts(rng)
    kinds = {name: byte_pairs(out, name, texts) for name in PRE_TOKENIZERS}
    kinds["sentence-piece"] = sentence_piece(out, texts)
    kinds["gemma4"] = text_pairs(out, texts)
    names = {name: list(way.names) for name, way in WAYS.items()}
    way_texts = [*texts[::5], *EDGES]
    ways = ways_to_cut(out, way_texts)
    # As a tokenizer.json spells them.
    steps = {name: json.loads(cutting_tokenizer(way).to_str())["pre_tokenizer"] for name, way in WAYS.items()}
    tokens = {
        "texts": texts,
        "ids": kinds,
        "names": names,
        "wayTexts": way_texts,
        "ways": ways,
        "waySteps": steps,
    }
    (out / "tokens.json").write_text(json.dumps(tokens, separators=(",", ":")) + "\n", encoding="utf-8")


def vector(name: str, rng: np.random.Generator) -> dict[str, str]:
    kind = GGMLQuantizationType[name]
    halves = (HALVES | NEWER_HALVES).get(name)
    blocks = float_blocks(name, rng) if halves is None else quantised_blocks(name, halves, rng)  # (blocks, bytes)
    values = gguf.dequantize(blocks, kind).astype("<f4")
    return {"bytes": encode(blocks.tobytes()), "values": encode(values.tobytes())}


def quantised_blocks(name: str, places: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    _, size = GGML_QUANT_SIZES[GGMLQuantizationType[name]]
    blocks = rng.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
    for at in places:
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


def gpt4o(digits: str, contraction: str) -> str:
    capitals = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
    small = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
    return (
        f"{capitals}*{small}+{contraction}|{capitals}+{small}*{contraction}|{digits}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
ANY_CASE = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SIGN_AND_WORD = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
DEEPSEEK_V3 = SIGN_AND_WORD + r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"
CASED = (
    "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝ\u1f5f-\u1f7dᾀ-ᾴ\u1fb6-\u1fbc\u1fbeῂ-ῄῆ-ῌ"
    "\u1fd0-\u1fd3\u1fd6-\u1fdbῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212a-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
)
HAN_LETTERS = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"


def kimi() -> str:
    """`tokenization_kimi.py` of Kimi K2."""
    capital, small = HAN_LETTERS
    before = r"[^\r\n\p{L}\p{N}]?"
    return (
        rf"[\p{{Han}}]+|{before}{capital}*{small}+{ANY_CASE}?|{before}{capital}+{small}*{ANY_CASE}?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


@dataclass(frozen=True)
class Way:
    """A way to cut a text."""

    names: tuple[str, ...]  # llama.cpp's
    steps: list[pre_tokenizers.PreTokenizer]
    ignores_merges: bool = False


def way(names: str, *patterns: str, ignores_merges: bool = False) -> Way:
    return Way(tuple(names.split()), [*map(split, patterns), byte_level(use_regex=False)], ignores_merges)


# llama.cpp's table, `llama_vocab::impl::load` in src/llama-vocab.cpp. The patterns are those of the tokenizer.json of
# the families, where they are known, and llama.cpp's own otherwise (default, afmoe).
WAYS: dict[str, Way] = {
    "default": way("default", r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", "[0-9][0-9][0-9]"),
    "gpt-2": way(
        "gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert jina-v1-en jina-v2-code "
        "roberta-bpe mpt olmo jais trillion granite-docling exaone4",
        GPT2,
    ),
    "smollm": way("starcoder refact command-r smollm codeshell exaone minerva-7b mellum2", r"\p{N}", GPT2),
    "llama-bpe": way(
        "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
        gpt4(r"\p{N}{1,3}"),
        ignores_merges=True,
    ),
    "dbrx": way("dbrx smaug-bpe glm4 chatglm-bpe", gpt4(r"\p{N}{1,3}")),
    "qwen2": way("qwen2 deepseek-r1-qwen kormo f2llmv2 stablelm2 megrez hunyuan grok-2 solar-open", gpt4(r"\p{N}")),
    "qwen35": way(
        "qwen35",
        ANY_CASE + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    "gpt-4o": way("gpt-4o llama4 kanana2 talkie minimax-m2", gpt4o(r"\p{N}{1,3}", ANY_CASE + "?")),
    "granite-embed-multi-97m": way(
        "granite-embed-multi-97m", gpt4o(r"\p{N}{1,3}", ANY_CASE + "?"), ignores_merges=True
    ),
    "tekken": way("tekken", gpt4o(r"\p{N}", ""), ignores_merges=True),
    "tiny_aya": way("tiny_aya cohere2moe", r"\d{1,3}(?=(?:\d{3})*\b)", gpt4o(r"\p{N}{1,3}", ANY_CASE + "?")),
    "kimi-k2": way("kimi-k2", kimi()),
    "youtu": way(
        "youtu",
        "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+",
        gpt4o(r"\p{N}", ANY_CASE + "?"),
        ignores_merges=True,
    ),
    "seed-coder": way(
        "seed-coder",
        ANY_CASE + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    "ufakzeka": way("ufakzeka", r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
    "bailingmoe": way(
        "bailingmoe bailingmoe2 llada-moe",
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*"
        r"|\s*[\r\n]|\s+(?!\S)|\s+",
    ),
    "exaone-moe": way(
        "exaone-moe",
        ANY_CASE + r"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+",
    ),
    "jais-2": way(
        "jais-2",
        ANY_CASE + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        r"|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)"
        r"|\s{1,2}(?!\S)|\s{1}",
    ),
    "minicpm5": way("minicpm5", r"\p{N}{1,3}", gpt4(r"\p{N}+"), ignores_merges=True),
    "laguna": way("laguna", r"[^\n]+|[\n]+", gpt4(r"\p{N}")),
    "deepseek-llm": way(
        "deepseek-llm",
        r"[\r\n]",
        rf"\s?[{CASED}]+",
        r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
        r"\s+$",
        "[一-龥ࠀ-一가-퟿]+",
        r"\p{N}+",
    ),
    "deepseek-coder": way("deepseek-coder", r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+", r"\p{N}"),
    "deepseek-v3": way("deepseek-v3 hunyuan-dense joyai-llm hy_v4", r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DEEPSEEK_V3),
    "spark2_5": way(
        "spark2_5",
        r"\p{N}{1,3}",
        "[一-龥぀-ゟ゠-ヿ]+",
        SIGN_AND_WORD + r"| ?[\p{P}\p{S}]+|[\r\n]|\s+(?!\S)|\s+",
        r"\p{N}",
    ),
    "afmoe": way(
        "afmoe",
        r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))",
        "[一-鿿㐀-䶿\uf900-\ufaff぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+",
        DEEPSEEK_V3,
    ),
    "bloom": way("poro-chat bloom gpt3-finnish", BLOOM),
    "viking": way("viking", BLOOM, r"\p{N}"),
    "chameleon": way(
        "chameleon",
        "<sentinel:[0-9]+>",
        "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
        r"([\t\n]|    |  )",
        r"\p{N}",
        r"[\p{P}!-/:-@\[-`{-~]",
        GPT2,
    ),
    "superbpe": way("superbpe", r"\p{N}+", r"(?=(\d{3})+(?!\d))"),
    "falcon": Way(
        ("falcon",),
        [
            pre_tokenizers.Punctuation(behavior="contiguous"),
            byte_level(use_regex=True),
            pre_tokenizers.Digits(individual_digits=False),
            split("[0-9][0-9][0-9]"),
        ],
    ),
}
WAY_OF = {name: way for way in WAYS.values() for name in way.names}

# Code that stays as it is while its version is pinned, so that a second run trains the same vocabularies.
CODE = Path(np.__file__).parent / "lib"


def code_texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(CODE.glob("*.py"))]


# Pieces of everything that code and Unicode have.
ODD = [
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

# Texts on which ways that are much alike differ.
EDGES = [
    "'tx 'sfoo 'LLbar don't'reach",
    "\n\n\nx \n \n\n\ty\r\n\r\n",
    "a\u0301b ÉcoleCamelCase XMLHttpRequest ǅabc",
    "漢字kanji かな漢字 한글ㄱabc ﾊﾝ",
    "x/\n//\r\n;\n\n};\n",
    "1 12 123 1234 12345 123456 1234567 1.5 1,234 12²3 ½12 0x1234 1234_5678",
    "a b c d1 e\u0301 f g",
    "    a\t\tb  c   d        e \n  f  ",
    "<sentinel:12> IMGIMGABCDZ <|x|> ...!? -- == ${}`~^ a.b,c!d?e",
    ".foo _bar $baz @qux #tag -v",
    "a...b ,,, ！、。『a』",
    "'sx it'd'veA ++x",
    " unmerged x unmerged",  # the last one: no vocabulary is trained on it
]


def sample_texts(rng: np.random.Generator) -> list[str]:
    """Pieces of code, and pieces of everything else that Unicode has."""
    lines = [line for text in code_texts() for line in text.splitlines()]
    texts = ["\n".join(lines[at : at + 6]) for at in rng.integers(0, len(lines) - 6, 40)]
    texts += ["".join(ODD[i] for i in rng.integers(0, len(ODD), rng.integers(1, 20))) for _ in range(160)]
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


def ways_to_cut(out: Path, texts: list[str]) -> dict[str, list[list[int]]]:
    """Each way's ids, with one vocabulary whose merges span every place where a way may cut."""
    tokenizer = Tokenizer(models.BPE())
    lines = pre_tokenizers.Split("\n", behavior="merged_with_next")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([lines, byte_level(use_regex=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=1600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|endoftext|>"]
    )
    # Each piece before each other one, so that there are merges across all of them.
    pairs = [f"{first}{second}" for first in ODD for second in ODD]
    tokenizer.train_from_iterator([*code_texts()[:5], *pairs * 20, *EDGES[:-1] * 500], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    # No merge gives this token, so only a way that ignores merges finds it.
    model["vocab"]["Ġunmerged"] = len(model["vocab"])
    vocabulary = sorted(model["vocab"], key=model["vocab"].get)
    writer = vocabulary_writer(out / "ways-to-cut.gguf", "gpt2", vocabulary)
    writer.add_token_types([3] + [1] * (len(vocabulary) - 1))
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    writer.add_eos_token_id(0)
    finish(writer)
    merges = [tuple(pair) for pair in model["merges"]]
    tokenizers = {name: byte_level_tokenizer(name, model["vocab"], merges) for name in WAYS}
    return {name: [tokenizer.encode(text).ids for text in texts] for name, tokenizer in tokenizers.items()}


def byte_level_tokenizer(name: str, vocab: dict[str, int], merges: list[tuple[str, str]]) -> Tokenizer:
    """@param name: llama.cpp's, of a way to cut"""
    way = WAY_OF[name]
    return cutting_tokenizer(way, models.BPE(vocab=vocab, merges=merges, ignore_merges=way.ignores_merges))


def cutting_tokenizer(way: Way, model: models.BPE | None = None) -> Tokenizer:
    tokenizer = Tokenizer(model or models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(way.steps)
    return tokenizer


BYTE_TOKENS = [f"<0x{byte:02X}>" for byte in range(256)]


def text_pairs(out: Path, texts: list[str]) -> list[list[int]]:
    """As Gemma 4 has it: the file lists the merges, spaces are spelled as U+2581, bytes for what is unknown."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", behavior="merged_with_next")
    trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=["<unk>", *BYTE_TOKENS])
    tokenizer.train_from_iterator(code_texts()[:20], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = sorted(model["vocab"], key=model["vocab"].get)
    writer = vocabulary_writer(out / "gemma4.gguf", "gemma4", vocabulary)
    writer.add_token_types([2] + [6] * 256 + [1] * (len(vocabulary) - 257))
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    writer.add_unk_token_id(0)
    finish(writer)
    reference = text_tokenizer(model["vocab"], [tuple(pair) for pair in model["merges"]])
    return [reference.encode(text, add_special_tokens=False).ids for text in texts]


def text_tokenizer(vocab: dict[str, int], merges: list[tuple[str, str]]) -> Tokenizer:
    model = models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    return tokenizer


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
