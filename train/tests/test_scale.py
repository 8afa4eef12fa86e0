"""Past one machine: the page quotes what the module prints, and the arithmetic is right."""

import pytest

from sotto_train.scale import GIVEN, RESULTS, Given, Result, compute, short, tables
from typescript import REPOSITORY


def test_the_page_quotes_what_is_printed() -> None:
    page = (REPOSITORY / "docs/scale.md").read_text(encoding="utf-8")
    given, follows = tables()
    assert given in page
    assert follows in page


def test_a_formula_may_use_results_above_it() -> None:
    given = (Given("bytes", 6e9, "bytes", "assumed", ""), Given("rate", 2e6, "bytes a second", "assumed", ""))
    results = (Result("seconds", "bytes / rate", "seconds", ""), Result("minutes", "seconds / 60", "minutes", ""))
    assert compute(given, results) == {"bytes": 6e9, "rate": 2e6, "seconds": 3000, "minutes": 50}


def test_results_agree_with_a_reckoning_by_hand() -> None:
    values = compute()
    assert values["tokens"] == pytest.approx(1.45e12)  # half a token a byte of 2.9 TB
    assert values["speed"] == pytest.approx(41_900, rel=0.01)  # 790e12 * 0.35 / 6.6e9
    assert values["few_h"] == pytest.approx(146, rel=0.01)  # 22e9 / 41,900 / 3600
    assert values["state"] == pytest.approx(13.2e9)


def test_what_no_run_has_shown_is_marked() -> None:
    kinds = {item.name: item.kind for item in GIVEN}
    assert kinds["used"] == "estimate"
    assert {kinds["weights"], kinds["core_price"]} == {"assumed"}
    assert len({item.name for item in (*GIVEN, *RESULTS)}) == len(GIVEN) + len(RESULTS)
    assert all(item.origin for item in GIVEN)


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.9e12, "2.9 trillion"), (5.516e8, "552 million"), (9614.2, "9,614"), (0.35, "0.35"), (85.63, "85.6")],
)
def test_numbers_have_three_digits(value: float, words: str) -> None:
    assert short(value) == words
