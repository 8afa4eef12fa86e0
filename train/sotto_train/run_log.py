"""What happened in a run, as lines of JSON: {"time", "event": "start" | "step" | "valid" | "stop", ...}."""

import json
import time
from pathlib import Path


class RunLog:
    """Each line is written out at once, and printed. A later run of the same folder appends."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("a", encoding="utf-8")

    def write(self, event: str, **values: object) -> None:
        line = json.dumps({"time": round(time.time(), 1), "event": event, **values}, default=str)
        self.file.write(line + "\n")
        self.file.flush()
        print(line, flush=True)


def read_log(path: Path, event: str) -> list[dict[str, object]]:
    """The lines of one event."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["event"] == event]
