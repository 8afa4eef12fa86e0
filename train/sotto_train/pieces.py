"""Carries a folder through a door that lets small files pass only. Needs nothing but Python.

    python3 -m sotto_train.pieces split FOLDER PIECES [--megabytes 14]
    python3 -m sotto_train.pieces join PIECES FOLDER

`split` packs FOLDER (files only) into PIECES/pieces.json and PIECES/000.piece, ...; `join` refuses a piece that is
missing or whose checksum is wrong.
"""

import argparse
import hashlib
import json
from pathlib import Path


def split(folder: Path, pieces: Path, piece_bytes: int = 14 << 20) -> int:
    """Cuts the files of `folder`, one after another, into equal pieces; returns how many."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    whole = b"".join(path.read_bytes() for path in files)
    pieces.mkdir(parents=True, exist_ok=True)
    parts = [whole[at : at + piece_bytes] for at in range(0, len(whole), piece_bytes)]
    for number, part in enumerate(parts):
        (pieces / f"{number:03}.piece").write_bytes(part)
    index = {
        "files": [[path.name, path.stat().st_size] for path in files],
        "pieces": [hashlib.sha256(part).hexdigest() for part in parts],
    }
    (pieces / "pieces.json").write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    return len(parts)


def join(pieces: Path, folder: Path) -> None:
    """Writes the files again. Raises ValueError naming the first piece that is not what it was."""
    index = json.loads((pieces / "pieces.json").read_text(encoding="utf-8"))
    whole = bytearray()
    for number, checksum in enumerate(index["pieces"]):
        path = pieces / f"{number:03}.piece"
        part = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(part).hexdigest() != checksum:
            raise ValueError(f"{path} is missing or damaged")
        whole += part
    folder.mkdir(parents=True, exist_ok=True)
    at = 0
    for name, size in index["files"]:
        (folder / Path(name).name).write_bytes(whole[at : at + size])
        at += size


def main() -> None:
    parser = argparse.ArgumentParser(description="Split a folder into pieces, or join them.")
    parser.add_argument("action", choices=("split", "join"))
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--megabytes", type=int, default=14)
    args = parser.parse_args()
    if args.action == "split":
        print(f"{split(args.source, args.target, args.megabytes << 20)} pieces")
    else:
        join(args.source, args.target)


if __name__ == "__main__":
    main()
