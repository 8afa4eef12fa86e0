"""The learning curve: what is read of a log, and that the picture has it in the right places."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sotto_train.curve import phases, picture, read_curve, smooth
from sotto_train.plot import Line, Panel, Phase, draw, ticks
from sotto_train.train import TrainConfig, rate_scale, train

CONFIG = {"steps": 100, "batch": 4, "warmup": 10, "decay": 0.4, "rounded": 0.1}
START = {"event": "start", "window": 1000, "config": CONFIG}


def step(number: int, loss: float) -> dict[str, object]:
    return {"event": "step", "step": number, "loss": loss}


def write_log(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_run_that_went_on_is_one_curve(tmp_path: Path) -> None:
    longer = {**START, "config": CONFIG | {"steps": 1000}}  # as --steps may be changed
    lines = [START, step(10, 5), step(20, 4), step(30, 9), longer, step(30, 3), step(40, 2), step(90, 1)]
    measure = {"event": "valid", "step": 40, "text": 1.5, "text/go": 1.4, "middle/line": 2}
    curve = read_curve(write_log(tmp_path / "log.jsonl", *lines, measure))
    assert curve.steps == [(10, 5), (20, 4), (30, 3), (40, 2), (90, 1)]
    assert curve.phases == [Phase("warm-up", 0, 10), Phase("constant", 10, 90)]
    assert curve.held_out == {"text": [(40, 1.5)], "middle/line": [(40, 2)]}
    assert curve.tokens_per_step == 4000


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([step(10, 5)], "no line with event `start`"),
        ([START], "no line with event `step`"),
        ([{**START, "window": None}, step(10, 5)], "--window says how many tokens"),
    ],
)
def test_says_what_the_log_lacks(lines: list, message: str, tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.jsonl", *lines)
    with pytest.raises(ValueError, match=re.escape(f"{path}: ")) as error:
        read_curve(path)
    assert message in str(error.value)


def test_an_old_log_is_told_its_window(tmp_path: Path) -> None:
    old = write_log(tmp_path / "log.jsonl", {"event": "start", "config": CONFIG}, step(10, 5))
    assert read_curve(old, window=384).tokens_per_step == 4 * 384


def test_phases_are_those_of_the_rates() -> None:
    found = phases(CONFIG, 100)
    assert found == [Phase("warm-up", 0, 10), Phase("constant", 10, 60), Phase("decay", 60, 90), Phase("int4", 90, 100)]
    config = TrainConfig(out=Path(), windows=[], vocabulary=Path(), **CONFIG | {"micro_batch": 4})
    rates = {phase.name: [rate_scale(at, config) for at in range(int(phase.first), int(phase.end))] for phase in found}
    assert rates["warm-up"] == sorted(rates["warm-up"])
    assert set(rates["constant"]) == {1.0}
    assert rates["decay"] + rates["int4"] == sorted(rates["decay"] + rates["int4"], reverse=True)


def test_phases_to_come_are_left_out() -> None:
    assert phases(CONFIG, 30) == [Phase("warm-up", 0, 10), Phase("constant", 10, 30)]
    assert [phase.name for phase in phases(CONFIG | {"rounded": 0}, 100)] == ["warm-up", "constant", "decay"]


def test_smoothing_takes_neighbours_on_both_sides() -> None:
    spike = [0.0] * 30 + [3.0] + [0.0] * 29  # a thirtieth of 60 lines is 2: one neighbour on each side
    assert [round(value, 6) for value in smooth(spike)[28:33]] == [0, 1, 1, 1, 0]
    assert smooth([1.0, 2.0]) == [1, 2]


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (1.86, 2.52, [1.8, 2, 2.2, 2.4, 2.6]),
        (0.7, 0.7, [0.6, 0.8]),
        (3, 3.01, [3, 3.002]),
    ],
)
def test_marks_are_round_and_hold_all(low: float, high: float, marks: list[float]) -> None:
    found = ticks(low, high, 5)
    assert found[: len(marks)] == marks
    assert found[0] <= low <= high <= found[-1]


def test_points_are_where_their_values_are() -> None:
    svg = draw("a < b", [Panel("up", [Line("one", [(0, 0), (5, 10), (10, 20)])], high=10)], [Phase("all", 0, 10)], "x")
    root = ElementTree.fromstring(svg)
    places = next(path.get("d") for path in root.findall(".//{*}path") if path.get("class") == "line")
    (x0, y0), (x1, y1), (x2, y2) = ([float(n) for n in place.split(",")] for place in places[1:].split("L"))
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y0 - y1 == pytest.approx(240)
    assert y2 == y1  # above the scale: cut off
    texts = [text.text for text in root.findall(".//{*}text")]
    assert {"a < b", "up", "all", "one 20.0", "0", "10", "x"} <= set(texts)


def test_a_real_run_has_a_picture(windows: Path, vocabulary: Path, tmp_path: Path) -> None:
    config = TrainConfig(
        out=tmp_path, windows=[windows], valid=windows, vocabulary=vocabulary, shape="tiny", steps=6, batch=2,
        micro_batch=2, warmup=2, rounded=0.2, log_every=1, validate_every=3, validate_windows=128, device="cpu",
        compile=False,
    )  # fmt: skip
    train(replace(config, stop_after=0))
    train(config)
    curve = read_curve(tmp_path / "log.jsonl")
    assert [at for at, _ in curve.steps] == [1, 2, 3, 4, 5, 6]
    assert curve.tokens_per_step == 2 * 64
    svg = picture(curve, "A run")
    texts = [text.text for text in ElementTree.fromstring(svg).findall(".//{*}text")]
    assert {"A run", "constant", "decay", "Millions of tokens seen"} <= set(texts)
    assert {text.split()[0] for text in texts} >= {"loss", "text", "line"}
    assert "prefers-color-scheme:dark" in svg
