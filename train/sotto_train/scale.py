"""What a corpus of The Stack's size and a model of a billion weights would take: the tables of docs/scale.md.

    python3 -m sotto_train.scale

Each result is an expression over the names of the first table, and what is printed is what was computed.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Given:
    name: str
    value: float
    unit: str
    kind: Literal["measured", "published", "estimate", "assumed"]
    origin: str


@dataclass(frozen=True)
class Result:
    name: str
    formula: str
    unit: str
    meaning: str


REPORT = "`python3 -m corpus report`, 2026-11-22"
README = "train/README.md"
CARD = "card of HuggingFaceCode/stack-v3-train, table of versions"
PRICES = "datareceipts/data-receipts, 109-gpu-pricing, read by it on 2026-11-09"

GIVEN = (
    Given("text", 1.2618e9, "bytes", "measured", f"our corpus; {REPORT}"),
    Given("seen", 5.8138e9, "bytes", "measured", f"text and all that the filters dropped; {REPORT}"),
    Given("files", 240_218, "files", "measured", REPORT),
    Given("packed", 164.2e6, "bytes", "measured", f"the shards; {REPORT}"),
    Given(
        "read_s", 280, "core seconds", "measured", f"by the clock, as the next two; a stage is one process; {REPORT}"
    ),
    Given(
        "near_s",
        257,
        "core seconds",
        "measured",
        f"at least: signatures kept from an earlier run are not in it; {REPORT}",
    ),
    Given("pack_s", 970, "core seconds", "measured", f"xz; {REPORT}"),
    Given("tokens_per_byte", 0.5, "tokens", "measured", f"windows, an epoch; {README}"),
    Given("token_bytes", 3, "bytes", "measured", f"a token of a window on disk, id and role; {README}"),
    Given("tokenise", 0.7e6, "tokens a core second", "measured", f"0.6 to 0.8 million; {README}"),
    Given("signature", 512, "bytes a file", "measured", "train/corpus/minhash.py, 128 numbers of 4 bytes"),
    Given("stack_full", 6.4e12, "bytes", "published", f"The Stack v1; {CARD}"),
    Given("stack", 2.9e12, "bytes", "published", f"the same, near duplicates removed; {CARD}"),
    Given("spark_bytes", 319e9, "bytes", "published", "bigcode-project/bigcode-dataset, near_deduplication/README.md"),
    Given("spark_cores", 160, "vCPUs", "published", "10 workers of 16; the same page"),
    Given("spark_hours", 2 / 3, "hours", "published", "40 minutes; the same page"),
    Given("peak", 790e12, "FLOP/s", "measured", f"bfloat16 products on an H100; {README}"),
    Given("used", 0.35, "of peak", "estimate", f"{README}; no run of ours has been on a GPU"),
    Given("weights", 1.1e9, "weights", "assumed", "the model"),
    Given("gpu_price", 3.99, "dollars an hour", "published", f"H100 SXM, RunPod Secure (2.69 to 12.29); {PRICES}"),
    Given("core_price", 0.05, "dollars an hour", "assumed", "a virtual core; take your own"),
)

RESULTS = (
    Result("stack_files", "stack / (text / files)", "files", "if they are as long as ours"),
    Result("signatures", "stack_full / (text / files) * signature", "bytes", "what `deduplicate` would hold in memory"),
    Result("read_h", "stack_full * read_s / seen / 3600", "core hours", "read and filter"),
    Result("near_h", "stack_full * near_s / text / 3600", "core hours", "deduplicate, at our speed (at least)"),
    Result(
        "spark_h",
        "stack_full * spark_cores * spark_hours / spark_bytes",
        "core hours",
        "the same, at BigCode's on Spark",
    ),
    Result("pack_h", "stack * pack_s / text / 3600", "core hours", "compress with xz"),
    Result("stored", "stack * packed / text", "bytes", "shards"),
    Result("tokens", "stack * tokens_per_byte", "tokens", "windows of one epoch"),
    Result("windows", "tokens * token_bytes", "bytes", "the same on disk"),
    Result("tokenise_h", "tokens / tokenise / 3600", "core hours", "make the windows"),
    Result(
        "corpus_cost", "(read_h + spark_h + pack_h + tokenise_h) * core_price", "dollars", "read, Spark, xz, windows"
    ),
    Result(
        "speed", "peak * used / (6 * weights)", "tokens a GPU second", "6 FLOP a weight and token; without attention"
    ),
    Result(
        "few_h", "20 * weights / speed / 3600", "GPU hours", "20 tokens a weight (Hoffmann et al., arXiv 2203.15556)"
    ),
    Result("few_cost", "few_h * gpu_price", "dollars", ""),
    Result("epoch_h", "tokens / speed / 3600", "GPU hours", "every window once"),
    Result("epoch_days_64", "epoch_h / 64 / 24", "days", "on 64 GPUs, if nothing is lost between them"),
    Result("epoch_cost", "epoch_h * gpu_price", "dollars", ""),
    Result("state", "weights * (4 + 4 + 4)", "bytes", "float32 weights, gradients, Muon's momentum; AdamW: 4 more"),
)


def compute(given: tuple[Given, ...] = GIVEN, results: tuple[Result, ...] = RESULTS) -> dict[str, float]:
    """Every name with its value. A formula may use the results above it."""
    values = {item.name: item.value for item in given}
    for result in results:
        # `eval` of this file's own strings: so the formula that a reader sees is the one that was computed.
        values[result.name] = eval(result.formula, {"__builtins__": {}}, values)
    return values


def tables() -> tuple[str, str]:
    """What is given and what follows, in Markdown."""
    values = compute()
    rows = [f"| `{i.name}` | {short(i.value)} | {i.unit} | {i.kind} | {i.origin} |" for i in GIVEN]
    first = ["| name | value | unit | | from |", "| --- | --- | --- | --- | --- |", *rows]
    rows = [f"| `{r.name}` | `{r.formula}` | {short(values[r.name])} | {r.unit} | {r.meaning} |" for r in RESULTS]
    second = ["| name | formula | value | unit | |", "| --- | --- | --- | --- | --- |", *rows]
    return "\n".join(first), "\n".join(second)


def short(value: float) -> str:
    """Three digits, with a word for what is large."""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:.3g} {word}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    print("\n\n".join(tables()))
