"""ONNX exports of two fixtures, made by the tools that people make theirs with, for the tests of ready-made exports.

    PYTHONHASHSEED=0 python3 train/onnx_exports.py [FIXTURES]        (default: test/fixtures)

in an environment of its own (requirements-onnx-exports.txt), after golden.py. The weights are golden.py's noise; the
seed is for the merging, which goes through sets. It writes FIXTURES/exports:

    llama-optimum/config.json, onnx/model.onnx            Optimum
                               onnx/model_fp16.onnx       of that, ONNX Runtime's converter
                               onnx/model_q4.onnx         of that, ONNX Runtime's quantiser
    llama-genai/config.json, model.onnx, model.onnx.data  onnxruntime-genai's builder, int4
    gpt2-merged/config.json, onnx/decoder_model_merged.onnx
                               Optimum's two graphs in one, as it made them for the older repositories

and beside each ONNX file a NAME.json like golden.json, with what ONNX Runtime's own Python computes with it.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.transformers.float16 import convert_float_to_float16
from onnxruntime_genai.models.builder import create_model
from optimum.exporters.onnx import export, main_export
from optimum.exporters.tasks import TasksManager
from optimum.onnx.graph_transformations import merge_decoders
from tokenizers import Tokenizer, models
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

BLOCK_SIZE = 32
GREEDY_LENGTH = 16
FLOAT_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the fixtures of ready-made ONNX exports.")
    parser.add_argument("fixtures", nargs="?", type=Path, default=Path("test/fixtures"))
    fixtures: Path = parser.parse_args().fixtures
    out = fixtures / "exports"
    llama, gpt2 = fixtures / "tiny-llama-export", fixtures / "tiny-gpt2-export"

    optimum = start_folder(out / "llama-optimum", llama) / "onnx"
    export_with_optimum(llama, optimum)
    genai = start_folder(out / "llama-genai", llama)
    export_with_genai(llama, genai)
    merged = start_folder(out / "gpt2-merged", gpt2) / "onnx"
    export_merged(gpt2, merged / "decoder_model_merged.onnx")

    for folder, source in ((optimum, llama), (genai, llama), (merged, gpt2)):
        golden = json.loads((source / "golden.json").read_text())
        for path in sorted(folder.glob("*.onnx")):
            text = json.dumps(reference(path, golden), separators=(",", ":"))
            path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def start_folder(folder: Path, source: Path) -> Path:
    """An empty folder but for the configuration of `source`, as such repositories have it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(source / "config.json", folder)
    return folder


def export_with_optimum(source: Path, onnx_folder: Path) -> None:
    """`model.onnx` and what `scripts/quantize.py` of transformers.js makes of one."""
    onnx_folder.mkdir()
    with tempfile.TemporaryDirectory() as temporary:
        main_export(str(source), temporary, task="text-generation-with-past", library_name="transformers")
        shutil.copy(Path(temporary) / "model.onnx", onnx_folder)
    path = onnx_folder / "model.onnx"
    # Loaded anew for each: both change the model that they are given.
    onnx.save(convert_float_to_float16(onnx.load(path), keep_io_types=False), onnx_folder / "model_fp16.onnx")
    quantiser = MatMulNBitsQuantizer(onnx.load(path), block_size=BLOCK_SIZE, is_symmetric=True)
    quantiser.process()
    onnx.save(quantiser.model.model, onnx_folder / "model_q4.onnx")


def export_with_genai(source: Path, folder: Path) -> None:
    """Grouped-query attention as one operator, int4 weights, external data, positions counted from the mask."""
    with tempfile.TemporaryDirectory() as temporary:
        inputs, built = Path(temporary) / "source", Path(temporary) / "built"
        shutil.copytree(source, inputs)
        write_tokenizer(inputs, json.loads((source / "config.json").read_text())["vocab_size"])
        options = {"int4_block_size": BLOCK_SIZE, "int4_accuracy_level": 1}  # 1: products in float32
        create_model("", str(inputs), str(built), "int4", "cpu", temporary, **options)
        for name in ("model.onnx", "model.onnx.data"):
            shutil.copy(built / name, folder)


def write_tokenizer(folder: Path, vocabulary: int) -> None:
    """Any tokenizer will do: the builder wants to copy one."""
    words = {f"t{index}": index for index in range(vocabulary)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="t0"))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="t0").save_pretrained(folder)


def export_merged(source: Path, path: Path) -> None:
    """One graph without a past and one with it, behind `use_cache_branch`."""
    path.parent.mkdir()
    model = AutoModelForCausalLM.from_pretrained(source)
    make_config = TasksManager.get_exporter_config_constructor(
        "onnx", model, task="text-generation", library_name="transformers"
    )
    with tempfile.TemporaryDirectory() as temporary:
        parts = [Path(temporary) / name for name in ("decoder_model.onnx", "decoder_with_past_model.onnx")]
        for part, has_past in zip(parts, (False, True), strict=True):
            export(model, make_config(model.config, use_past=True, use_past_in_inputs=has_past), part)
        merge_decoders(*parts, save_path=path, strict=False)


def reference(path: Path, golden: dict) -> dict[str, object]:
    """The logits of the golden prompt in one run, and what each whole sequence is continued with, without a cache."""
    session = onnxruntime.InferenceSession(path)
    logits = forward(session, golden["ids"])  # (T, V)
    sequence = list(golden["ids"])
    for _ in range(GREEDY_LENGTH):
        sequence.append(int(forward(session, sequence)[-1].argmax()))
    return {
        "source": f"onnxruntime {onnxruntime.__version__}",
        "ids": golden["ids"],
        "logits": {at: [round(value, 6) for value in logits[int(at)].tolist()] for at in golden["logits"]},
        "greedy": sequence[len(golden["ids"]) :],
    }


def forward(session: onnxruntime.InferenceSession, ids: list[int]) -> np.ndarray:
    """Logits (T, V) of the whole sequence at once, with an empty past."""
    length = len(ids)
    feeds = {
        "input_ids": np.array([ids], dtype=np.int64),
        "attention_mask": np.ones((1, length), dtype=np.int64),
        "position_ids": np.arange(length, dtype=np.int64)[None],
        "use_cache_branch": np.array([False]),
    }
    for value in session.get_inputs():
        if value.name.startswith("past_key_values"):
            _, heads, _, head_dim = value.shape
            feeds[value.name] = np.zeros((1, heads, 0, head_dim), dtype=FLOAT_TYPES[value.type])
    names = {value.name for value in session.get_inputs()}
    (logits,) = session.run(["logits"], {name: feed for name, feed in feeds.items() if name in names})
    return logits[0].astype(np.float32)


if __name__ == "__main__":
    main()
