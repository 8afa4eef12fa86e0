"""The extension's own TypeScript, for the tests that hold Python to it."""

import subprocess
from pathlib import Path

TRAIN = Path(__file__).parents[1]
REPOSITORY = TRAIN.parent


def run_typescript(*arguments: object) -> None:
    """See typescript.mjs."""
    script = Path(__file__).with_suffix(".mjs")
    subprocess.run(["node", script, *map(str, arguments)], check=True, cwd=REPOSITORY)
