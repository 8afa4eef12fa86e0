"""What the tests share: one thread, a vocabulary, and a corpus of this very repository's files."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `train/` and `valid/` of two shards and one."""
    from small import write_corpus

    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder)
    return folder


@pytest.fixture(scope="session")
def vocabulary(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a vocabulary of 2,048 entries."""
    from sotto_train.make_vocabulary import make_vocabulary

    folder = tmp_path_factory.mktemp("vocabulary")
    make_vocabulary(corpus / "train", folder, size=2048)
    return folder


@pytest.fixture(scope="session")
def windows(corpus: Path, vocabulary: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Windows of 64 tokens, one epoch of the corpus's train/."""
    from sotto_train.make_windows import WindowConfig, make_windows

    folder = tmp_path_factory.mktemp("windows")
    make_windows(corpus / "train", vocabulary, folder, WindowConfig(window=64))
    return folder
