"""Reads bare git mirrors: the tree of a commit and the bytes of its blobs. Never makes a work tree.

Knows nothing of languages or filters.
"""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_REGULAR = {"100644", "100755"}


class Blob(NamedTuple):
    """A regular file of a tree: links and submodules are left out."""

    path: str
    object_id: str
    size: int


def find_mirror(mirrors: Path, repository: str) -> Path | None:
    """The git directory of `owner/name` below `mirrors`, or None where it is not there."""
    folder = mirrors / repository.replace("/", "+")
    for candidate in (folder / "repo" / ".git", folder / "repo", folder / ".git", folder):
        if (candidate / "HEAD").is_file() and (candidate / "objects").is_dir():
            return candidate
    return None


def list_mirrors(mirrors: Path) -> list[str]:
    """`owner/name` of every mirror below a folder, sorted."""
    names = (folder.name.replace("+", "/", 1) for folder in mirrors.iterdir() if "+" in folder.name)
    return sorted(name for name in names if find_mirror(mirrors, name))


def head_commit(git_dir: Path) -> str:
    """The commit that HEAD points to."""
    return _git(git_dir, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()


def list_blobs(git_dir: Path, commit: str) -> list[Blob]:
    """Every regular file of a commit whose path is UTF-8 and whose object is there."""
    blobs = []
    for row in _git(git_dir, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
        if not row:
            continue
        attributes, _, path = row.partition(b"\t")
        mode, kind, object_id, size = attributes.decode().split()
        if mode in _REGULAR and kind == "blob" and size.isdigit():
            try:
                blobs.append(Blob(path.decode(), object_id, int(size)))
            except UnicodeDecodeError:
                continue
    return blobs


def read_blobs(git_dir: Path, blobs: Iterable[Blob]) -> Iterator[tuple[Blob, bytes]]:
    """The bytes of each blob, in order, from one git process; blobs that the mirror lacks are left out."""
    command = [*_command(git_dir), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        requests, answers = process.stdin, process.stdout
        assert requests is not None and answers is not None
        try:
            for blob in blobs:
                # One request, one answer: a pipe full on both sides would be a deadlock.
                requests.write(blob.object_id.encode() + b"\n")
                requests.flush()
                header = answers.readline().split()
                if len(header) == 3 and header[1] == b"blob":
                    data = answers.read(int(header[2]))
                    answers.read(1)
                    yield blob, data
        finally:
            requests.close()
            process.terminate()


def clone(mirrors: Path, repository: str, commit: str, base: str = "https://github.com/") -> Path:
    """A shallow bare mirror of one commit, for machines without a store of mirrors."""
    git_dir = mirrors / repository.replace("/", "+")
    subprocess.run(["git", "init", "--quiet", "--bare", str(git_dir)], check=True)
    _git(git_dir, "fetch", "--quiet", "--depth", "1", base + repository, commit)
    _git(git_dir, "update-ref", "--no-deref", "HEAD", commit)
    return git_dir


def _command(git_dir: Path) -> list[str]:
    # A mirror's owner may be another user, and no hook or configuration of it should matter.
    return ["git", "-c", "safe.directory=*", "--git-dir", str(git_dir)]


def _git(git_dir: Path, *arguments: str) -> bytes:
    return subprocess.run([*_command(git_dir), *arguments], check=True, capture_output=True).stdout
