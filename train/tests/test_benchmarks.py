"""The public benchmarks, with cases of our own: their data is not in this repository."""

import gzip
import json
from pathlib import Path

import pytest

from sotto_train import infilling, santacoder_fim
from sotto_train.benchmark import DataError, share, spread
from sotto_train.evaluate import open_model
from sotto_train.infilling import measure, read_infilling
from sotto_train.prompt import build_infill_prompt, build_prompt, prompt_ids
from sotto_train.santacoder_fim import is_right, read_santacoder_fim
from sotto_train.tokenizer import Tokenizer
from typescript import REPOSITORY

STARTER = REPOSITORY / "models/sotto-starter"


def line_case(number: int = 0) -> dict[str, str]:
    return {
        "task_id": f"SingleLineInfilling/HumanEval/{number}/L0",
        "entry_point": "double",
        "prompt": "def double(x):\n    y = x\n",
        "suffix": "    return y\n",
        "canonical_solution": "    y += x\n",
        "test": "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(3) == 6\n",
    }


def java_case() -> dict[str, str]:
    return {
        "name": "humaneval-HumanEval_0_double.json-L26",
        "language": "java",
        "prompt": "class Problem {\n    static int twice(int x) {",
        "suffix": "    }\n}",
        "canonical_solution": "        return 2 * x;",
        "tests": "",
    }


def write(path: Path, cases: list[dict[str, str]]) -> Path:
    text = "".join(json.dumps(case) + "\n" for case in cases)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def asked(module: object, data: Path, *options: str) -> dict[str, object]:
    parser = infilling.make_parser("")
    parser.add_argument("--canonical", action="store_true")
    return module.run(parser.parse_args([str(data), str(STARTER), str(STARTER), "--device", "cpu", *options]))


@pytest.mark.parametrize(
    ("middle", "passes"),
    [
        ("    y += x\n", True),
        ("    y = 2 * x\n", True),
        ("    y = 4\n", False),  # right for one of the assertions
        ("    return 4; exit(0)\n", False),
        ("    y +=\n", False),
        ("", False),
    ],
)
def test_a_middle_is_right_if_the_function_works(middle: str, passes: bool) -> None:
    assert measure([line_case()], [middle])["passed"] == passes


def test_figures_are_shares_of_all_cases() -> None:
    figures = measure([line_case(0), line_case(1), line_case(2), line_case(3)], ["    y += x\n", "", "", ""])
    assert (figures["cases"], figures["passed"], figures["pass@1"], figures["standard_error"]) == (4, 1, 0.25, 0.25)


def test_canonical_solutions_need_no_model(tmp_path: Path) -> None:
    data = write(tmp_path / "cases.jsonl.gz", [line_case(), line_case(1)])
    figures = asked(infilling, data, "--canonical", "--limit", "1")
    assert (figures["benchmark"], figures["of"], figures["cases"], figures["pass@1"]) == (
        "SingleLineInfilling",
        2,
        1,
        1,
    )


@pytest.mark.parametrize("options", [[], ["--int4"]])
def test_a_model_is_asked(options: list[str], tmp_path: Path) -> None:
    line = asked(infilling, write(tmp_path / "line.jsonl", [line_case()] * 3), "--batch", "2", *options)
    assert line["model"] == str(STARTER)
    assert line["int4"] == bool(options)
    assert line["cases"] == 3
    assert 0 <= line["passed"] <= 3
    fim = asked(santacoder_fim, write(tmp_path / "fim.jsonl", [java_case()]), *options)
    assert fim["all"]["cases"] == fim["java"]["cases"] == 1
    assert fim["all"]["stripped"] >= fim["all"]["strict"]


def test_the_cursor_of_a_line_stands_in_an_empty_line() -> None:
    case = line_case()
    gaps = [infilling.gap(case, infilling.KINDS["SingleLineInfilling"]), santacoder_fim.gap(java_case())]
    for gap in gaps:
        assert gap.before.endswith("\n")
        assert gap.after.startswith("\n")
        tokenizer = Tokenizer.load(STARTER)
        as_in_the_editor = build_prompt(tokenizer, gap.path, gap.before, gap.after, 300)
        assert build_infill_prompt(tokenizer, gap.path, gap.before, gap.after, 300) == as_in_the_editor
    span = infilling.gap(case, infilling.KINDS["RandomSpanInfilling"])
    assert span.before + span.after == case["prompt"] + case["suffix"]


def test_a_span_shows_the_rest_of_its_line() -> None:
    tokenizer = Tokenizer.load(STARTER)
    whole = prompt_ids(tokenizer, "a.py", "x = (", ")\ny = 1\n")
    assert build_infill_prompt(tokenizer, "a.py", "x = (", ")\ny = 1\n", 300) == whole
    assert build_prompt(tokenizer, "a.py", "x = (", ")\ny = 1\n", 300) != whole


def test_prompts_leave_room_for_the_answer(tmp_path: Path) -> None:
    tokenizer, context = Tokenizer.load(STARTER), open_model(STARTER, "cpu").config.context
    kind = infilling.KINDS["RandomSpanInfilling"]
    case = line_case() | {"task_id": "RandomSpanInfilling/1/1", "prompt": "x = 1\n"}
    case["prompt"] *= (context - kind.tokens // 2) // len(tokenizer.encode("x = 1\n"))
    assert context - kind.tokens < len(tokenizer.encode(case["prompt"])) < context
    assert asked(infilling, write(tmp_path / "long.jsonl", [case]))["cases"] == 1


@pytest.mark.parametrize(
    ("line", "stripped", "strict"),
    [
        ("        return 2 * x;", True, True),
        ("        return 2 * x;  ", True, True),
        ("return 2 * x;", True, False),
        ("        return x * 2;", False, False),
    ],
)
def test_white_space_counts_if_strict(line: str, stripped: bool, strict: bool) -> None:
    wanted = java_case()["canonical_solution"]
    assert (is_right(line, wanted, strict=False), is_right(line, wanted, strict=True)) == (stripped, strict)


def test_languages_are_told_apart() -> None:
    javascript = java_case() | {"language": "js", "name": "humaneval-HumanEval_1_x.json-L2"}
    figures = santacoder_fim.measure([java_case(), javascript], ["return 2 * x;", "wrong"])
    assert {name: (part["cases"], part["stripped"], part["strict"]) for name, part in figures.items()} == {
        "all": (2, 0.5, 0),
        "java": (1, 1, 0),
        "js": (1, 0, 0),
    }


def test_cases_of_one_program_are_one_observation() -> None:
    values = [True] * 4 + [False] * 4
    apart = share(values, list("abcdefgh"))
    together = share(values, list("aaaabbbb"))
    assert apart == (0.5, 0.189)  # sqrt(0.25 / 7)
    assert together == (0.5, 0.5)  # sqrt(0.25 / 1): two observations


def test_a_quick_look_is_spread_over_all() -> None:
    assert spread(range(10), 3) == [0, 3, 6]
    assert spread(range(3), 10) == spread(range(3), None) == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "cases", "message"),
    [
        ("absent.jsonl", None, "no such file; the benchmark's data is not in this repository, get it from https://"),
        ("train.parquet", [line_case()], "expected a .jsonl or .jsonl.gz file"),
        ("empty.jsonl", [], "no cases"),
        ("cases.jsonl", [{"task_id": "SingleLineInfilling/HumanEval/0/L0"}], "line 1: no text `entry_point`"),
        ("cases.jsonl", [line_case(), line_case() | {"suffix": 3}], "line 2: no text `suffix`"),
        (
            "cases.jsonl",
            [line_case() | {"task_id": "MultiLineInfilling/1"}],
            "begins with MultiLineInfilling; expected",
        ),
    ],
)
def test_says_what_is_wrong_with_the_data(name: str, cases: list | None, message: str, tmp_path: Path) -> None:
    if cases is not None:
        write(tmp_path / name, cases)
    with pytest.raises(DataError) as error:
        read_infilling(tmp_path / name)
    assert str(tmp_path / name) in str(error.value)
    assert message in str(error.value)


def test_says_which_language_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"`language` lua; expected one of py, java, js"):
        read_santacoder_fim(write(tmp_path / "cases.jsonl", [java_case() | {"language": "lua"}]))


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(json.dumps(java_case()) + "\n{\n")
    with pytest.raises(DataError, match="line 2: not JSON"):
        read_santacoder_fim(tmp_path / "cases.jsonl")
