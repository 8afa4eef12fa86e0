"""Small git repositories for the corpus tests."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))


@pytest.fixture
def make_mirror(tmp_path: Path) -> Callable[[str, dict[str, str | bytes]], Path]:
    """make_mirror("owner/name", {path: content}): a bare mirror below tmp_path/mirrors; returns its git directory."""

    def make(name: str, files: dict[str, str | bytes]) -> Path:
        work = tmp_path / "work" / name
        for path, content in files.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        git = ["git", "-C", str(work), "-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "-A", "-f"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", "files"], check=True)
        mirror = tmp_path / "mirrors" / name.replace("/", "+") / "repo"
        subprocess.run(["git", "clone", "-q", "--bare", str(work), str(mirror)], check=True)
        return mirror

    return make
