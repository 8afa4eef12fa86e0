"""The list of repositories, and how one gets on it: name, commit, licence by its text, languages by size.

The list is data (repositories.tsv); this file is the only one that writes it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path, PurePosixPath

from . import licences, mirrors, reserved
from .filters import PATH_FILTERS, vendored
from .languages import language_of

LIST = Path(__file__).with_name("repositories.tsv")
_HEADER = "repository\tcommit\tlicence\tlanguages"


@dataclass(frozen=True, order=True)
class Repository:
    """A row of the list. `languages`: those with 5 % or more of its bytes, largest first, space between."""

    name: str
    commit: str
    licence: str
    languages: str

    @property
    def file_name(self) -> str:
        return self.name.replace("/", "+")


class RefusedError(Exception):
    """Why a repository may not be on the list."""


def load(path: Path = LIST) -> list[Repository]:
    """The repositories of the list, sorted by name. A reserved or a copyleft one in it is an error."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines[:1] != [_HEADER]:
        raise ValueError(f"{path}: expected the header {_HEADER!r}")
    rows = [Repository(*line.split("\t")) for line in lines[1:]]
    for row in rows:
        if found := reserved.reserved_by_name(row.name):
            raise RefusedError(f"{path}: {row.name} is reserved for evaluation ({found})")
        if not licences.PERMISSIVE.issuperset(row.licence.split(" OR ")):
            raise RefusedError(f"{path}: {row.name} has the licence {row.licence}, which is not permissive")
    return sorted(rows)


def save(rows: Iterable[Repository], path: Path = LIST) -> None:
    """Writes the list, sorted, so that two lists merge by line."""
    lines = [_HEADER, *("\t".join(astuple(row)) for row in sorted(rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def examine(git_dir: Path, name: str) -> Repository:
    """The row of a mirror at its HEAD. Raises RefusedError with the reason where it may not be on the list."""
    if found := reserved.reserved_by_name(name):
        raise RefusedError(f"reserved for evaluation ({found})")
    commit = mirrors.head_commit(git_dir)
    blobs = mirrors.list_blobs(git_dir, commit)
    _, reserved_folders = refused_folders(git_dir, blobs)
    if "" in reserved_folders:
        raise RefusedError(f"publishes the package of {reserved_folders['']}")
    root = [blob for blob in blobs if "/" not in blob.path and licences.is_licence_file(blob.path)]
    texts = [(blob.path, licences.detect(_decode(data))) for blob, data in mirrors.read_blobs(git_dir, root)]
    licence = licences.combine(spdx for _, spdx in texts)
    if licence is None:
        raise RefusedError(f"licence not permissive or not known: {texts}")
    return Repository(name, commit, licence, _languages(blobs))


def refused_folders(git_dir: Path, blobs: list[mirrors.Blob]) -> tuple[set[str], dict[str, str]]:
    """Folders below the root under a licence of their own that is refused, and folders that publish a reserved
    package (with the reserved repository). The root is the empty string."""
    licence_files: dict[str, list[str | None]] = {}
    reserved_folders: dict[str, str] = {}
    wanted = [
        blob
        for blob in blobs
        if (licences.is_licence_file(blob.path) or reserved.is_manifest(blob.path)) and not vendored(blob.path)
    ]
    for blob, data in mirrors.read_blobs(git_dir, wanted):
        folder = str(PurePosixPath(blob.path).parent)
        folder = "" if folder == "." else folder
        if licences.is_licence_file(blob.path):
            licence_files.setdefault(folder, []).append(licences.detect(_decode(data)))
        elif found := reserved.reserved_by_manifest(blob.path, _decode(data)):
            reserved_folders[folder] = found
    refused = {folder for folder, found in licence_files.items() if folder and licences.combine(found) is None}
    return refused, reserved_folders


def _languages(blobs: list[mirrors.Blob]) -> str:
    sizes: Counter[str] = Counter()
    for blob in blobs:
        language = language_of(blob.path)
        if language and not any(drops(blob.path) for drops in PATH_FILTERS.values()):
            sizes[language] += blob.size
    total = sizes.total()
    return " ".join(language for language, size in sizes.most_common() if size >= 0.05 * total)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
