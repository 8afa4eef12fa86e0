"""Runs Python programs that a model wrote, and says whether they ran to their end. Knows nothing of benchmarks.

Each runs in a Python of its own (`-I -S`: no environment, no site-packages, no path of ours), in an empty folder that
goes afterwards, with nothing of our environment, without output, with limits on processor time, memory, files and
processes (sandbox_child.py), in a session of its own that is killed as a whole when the time is over. Where `unshare`
may make namespaces (most Linux machines) it has no network, not even loopback, and no process of it outlives it.

What this does not protect from: a program has the rights of the user who runs it, so it can read and change that
user's files, and sees all of the file system; for root the limit on processes does not count, so that many can be
started until the time is over; the whole of a machine's memory can be taken by several; a flaw of the kernel or of
Python is not guarded against. It is made for mistakes, not for malice. Programs of a model that you do not trust
belong into a container or a virtual machine.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Literal

CHILD = Path(__file__).with_name("sandbox_child.py")
SECONDS = 20.0  # by the clock; processor time is limited to three. A busy machine must not fail a program.
NAMESPACES = ("--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child")

Outcome = Literal["passed", "failed", "timed out"]


def run_programs(programs: Sequence[str], seconds: float = SECONDS) -> list[Outcome]:
    """In the order of the programs, as many at once as there are cores."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(lambda program: run_program(program, seconds), programs))


def run_program(program: str, seconds: float = SECONDS) -> Outcome:
    """'passed': it ran to its end without an exception. Too much processor time is 'failed', as is any other end."""
    secret = secrets.token_hex(16)
    reader, writer = os.pipe()
    os.set_blocking(reader, False)  # a child that got away may still hold the other end
    with open(reader, "rb", buffering=0) as verdict, tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        try:
            process = subprocess.Popen(
                [*isolation(), sys.executable, "-I", "-S", str(CHILD), str(writer)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env={"LANG": "C.UTF-8"},
                pass_fds=(writer,),
                start_new_session=True,
            )
        finally:
            os.close(writer)
        try:
            process.communicate(f"{secret}\n{program}".encode("utf-8", errors="replace"), timeout=seconds)
        except subprocess.TimeoutExpired:
            return "timed out"
        finally:
            kill_session(process)
        return "passed" if verdict.read() == secret.encode() else "failed"


def kill_session(process: subprocess.Popen) -> None:
    """Kills what is left of it: a program may end and leave children behind."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@cache
def isolation() -> tuple[str, ...]:
    """The command that takes network and processes away, or nothing where that is not possible."""
    unshare = shutil.which("unshare")
    command = (unshare or "", *NAMESPACES)
    is_possible = unshare and subprocess.run([*command, "true"], capture_output=True).returncode == 0
    return command if is_possible else ()
