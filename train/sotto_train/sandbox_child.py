"""Runs in the sandbox's process, by path and alone: limits itself, runs the program that it reads, says that it ended.

Standard input: a line with a secret, then the program. The secret is written to the file descriptor that the
command line names once the program has run to its end; a program that exits early never gets there.
"""

import os
import resource
import sys

LIMITS = {
    resource.RLIMIT_CPU: 3,  # seconds; the harness of HumanEval has three by the clock
    resource.RLIMIT_AS: 1 << 30,  # bytes of addresses
    resource.RLIMIT_FSIZE: 1 << 20,  # bytes a file
    resource.RLIMIT_NOFILE: 32,
    resource.RLIMIT_NPROC: 16,  # of the user's, and not for root: see sandbox.py
    resource.RLIMIT_CORE: 0,
}


def run(verdict: int, source: str) -> None:
    """Names as in the benchmarks' own harness: a namespace that is empty, so not `__main__`."""
    secret, program = source.split("\n", 1)
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    exec(compile(program, "program", "exec"), {})
    os.write(verdict, secret.encode())


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.stdin.read())
