"""A program passes if it runs to its end; nothing that it does on the way reaches us."""

import os
import select
import socket
import time
from pathlib import Path

import pytest

from sotto_train.sandbox import isolation, run_program, run_programs


@pytest.mark.parametrize(
    "program",
    [
        "assert 1 + 1 == 2",
        "import hashlib, math, typing",
        "print('x' * 1_000_000)",
        "assert __name__ != '__main__'",  # as in the benchmarks' own harness
        "import os\nassert os.listdir('.') == []",
        "import os\nassert set(os.environ) <= {'LANG', 'LC_CTYPE'}, os.environ",
        "import sys\nassert not any('site-packages' in path or 'sotto' in path for path in sys.path), sys.path",
        "x = 'ä\\u2028'",
    ],
)
def test_passes(program: str) -> None:
    assert run_program(program) == "passed"


@pytest.mark.parametrize(
    "program",
    [
        "assert 1 + 1 == 3",
        "def f(:",
        "input()",
        "import sys\nsys.exit(0)",
        "import os\nos._exit(0)",
        "import torch",
        "while True: pass",  # processor time
        "import mmap\nmmap.mmap(-1, 1 << 31, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)",
        "with open('file', 'wb') as file: file.write(b'x' * (2 << 20))",
        "files = [open('/dev/null') for _ in range(100)]",
    ],
)
def test_fails(program: str) -> None:
    assert run_program(program) == "failed"


def test_a_program_that_waits_is_stopped() -> None:
    start = time.monotonic()
    assert run_program("import time\ntime.sleep(60)", seconds=1) == "timed out"
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("ending", ["", "time.sleep(60)"])
def test_no_child_outlives_it(ending: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    child = f"""
import time
with open({str(pipe)!r}, "w") as pipe:
    print("started", file=pipe, flush=True)
    print(flush=True)
    time.sleep(600)"""
    program = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdout=subprocess.PIPE)
child.stdout.readline()
{ending}"""
    assert run_program(program, seconds=4) == ("timed out" if ending else "passed")
    assert os.read(reader, 100) == b"started\n"
    waiting = select.poll()
    waiting.register(reader, select.POLLHUP)  # nobody has the pipe open any more
    assert waiting.poll(10_000) == [(reader, select.POLLHUP)]
    os.close(reader)


def test_has_no_network_where_that_can_be_taken_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connects = f"import socket\nsocket.create_connection(('127.0.0.1', {server.getsockname()[1]}), timeout=5)"
        assert run_program(connects) == ("failed" if isolation() else "passed")


def test_answers_are_in_the_order_of_the_programs() -> None:
    assert run_programs(["sum(range(10**7))", "assert False", "pass"]) == ["passed", "failed", "passed"]
