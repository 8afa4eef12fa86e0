"""Writes the folder of a model as it stands in `models/`: rounded, as GGUF in parts that a repository can hold.

    python3 -m sotto_train.ship EXPORT models/NAME --type q4_0 [--scale-block 128] [--most-bytes 45000000]

EXPORT is what `export` writes. OUT gets the GGUF file or its parts, sotto.json, golden.json of the rounded weights, and
origin.json if the weights began as other people's. An earlier calibration is left out, because it belongs to other
weights: `npm run -s fit:sources` fits the new one. README.md and LICENSE stay as they are.
"""

import argparse
import shutil
from pathlib import Path

from .export import read_exported, read_json, write_json
from .export_gguf import TYPES, export_gguf
from .golden_prompts import golden_prompts
from .tokenizer import Tokenizer

# Of one file: the code's hosts refuse 100 MB and warn from 50 MB on.
MOST_BYTES = 45_000_000


def ship(folder: Path, out: Path, type_name: str, most_bytes: int = MOST_BYTES, scale_block: int = 0) -> list[Path]:
    """Returns the paths of the GGUF files."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.gguf"):
        old.unlink()
    parts = export_gguf(folder, out / f"{out.name}.gguf", type_name, most_bytes, scale_block)
    window = read_json(folder / "sotto.json")["contextWindow"]
    write_json(out / "sotto.json", {"name": out.name, "contextWindow": window, "gguf": parts[0].name})
    for file in ("vocab.json", "origin.json"):
        if (folder / file).exists():
            shutil.copyfile(folder / file, out / file)
    if (out / "origin.json").exists():
        (out / "LICENSE.md").write_text(licence(out.name, read_json(out / "origin.json")), encoding="utf-8")
    # Of the rounded weights, in float32: what every reader of the file can reach.
    write_json(out / "golden.json", golden_prompts(read_exported(out), Tokenizer.load(folder)), indent=None)
    return parts


def licence(name: str, origin: dict) -> str:
    """What the licence of the first weights asks for: who holds it, and what was changed."""
    known = {"apache-2.0": "the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0)"}
    terms = known.get(origin["general.license"])
    if terms is None:
        raise ValueError(f"origin.json: general.license is {origin['general.license']}, expected {', '.join(known)}")
    return (
        f"The weights of {name} are under {terms}.\n\n"
        f"They began as those of {origin['file'].split('.')[0]} by {origin['general.organization']}, under the same "
        f"licence (file {origin['file']}, SHA-256 {origin['sha256']}). They were changed: the vocabulary was cut to "
        f"{origin['tokens']['kept']} of {origin['tokens']['whole']} tokens, the model was trained further on code "
        "(README.md), and its weights were rounded.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a model's folder as it ships.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--type", choices=TYPES, default="q4_0")
    parser.add_argument("--most-bytes", type=int, default=MOST_BYTES)
    parser.add_argument("--scale-block", type=int, default=0)
    args = parser.parse_args()
    for part in ship(args.folder, args.out, args.type, args.most_bytes, args.scale_block):
        print(f"{part}: {part.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
