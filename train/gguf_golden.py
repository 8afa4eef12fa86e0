"""Reference vectors for the GGUF reader: blocks of each type, and the values that the `gguf` package gives them.

    python3 train/gguf_golden.py [OUT_FOLDER]        (default: test/fixtures/gguf)

It writes OUT_FOLDER/types.json: for each type the bytes of a few blocks (base64) and their values as float32
(base64, little-endian). Levels are random bits, so that every packed bit matters; scales are ordinary halves, one
block has a scale of 0 and one a negative one.
"""

import argparse
import base64
import json
from pathlib import Path

import gguf
import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

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


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def gguf_version() -> str:
    from importlib.metadata import version

    return version("gguf")


if __name__ == "__main__":
    main()
