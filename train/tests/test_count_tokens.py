"""A corpus counted in tokens: by language, whole or one file in so many."""

from pathlib import Path

from sotto_train.count_tokens import Count, as_markdown, count_tokens
from sotto_train.shards import list_shards, read_files
from sotto_train.tokenizer import Tokenizer


def test_counts_what_encoding_gives(corpus: Path, vocabulary: Path) -> None:
    tokenizer = Tokenizer.load(vocabulary)
    files = [file for shard in list_shards(corpus / "train") for file in read_files(shard)]
    counts = count_tokens(corpus / "train", tokenizer)
    assert sum(count.files for count in counts.values()) == len(files)
    for language, count in counts.items():
        texts = [file.text for file in files if file.language == language]
        assert count.bytes == sum(len(text.encode()) for text in texts)
        assert count.tokens == sum(len(tokenizer.encode(text)) for text in texts)
    assert list(counts.values()) == sorted(counts.values(), key=lambda count: -count.tokens)


def test_reads_one_file_in_so_many_of_each_shard(corpus: Path, vocabulary: Path) -> None:
    sizes = [len(list(read_files(shard))) for shard in list_shards(corpus / "train")]
    counts = count_tokens(corpus / "train", Tokenizer.load(vocabulary), every=3)
    assert sum(count.files for count in counts.values()) == sum(-(-size // 3) for size in sizes)


def test_a_sample_stands_for_the_whole() -> None:
    page = as_markdown({"go": Count(2, 90, 30), "css": Count(1, 20, 10)}, every=1_000_000)
    assert "| go | 2 | 30.0 | 75.0% | 3.00 |" in page
    assert page.endswith("| all | 3 | 40.0 | 100.0% | 2.75 |")
