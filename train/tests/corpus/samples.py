"""A licence and source text that the corpus tests build repositories of."""

MIT = """MIT License

Copyright (c) 2024 Somebody

Permission is hereby granted, free of charge, to any person obtaining a copy of this software, to deal in it
without restriction. The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS".
"""


def code(seed: int, lines: int = 60) -> str:
    """Distinct but plausible source text: every seed shares no shingle with another."""
    return "".join(f"def step_{seed}_{i}(value_{seed}): return value_{seed} + {i * seed}\n" for i in range(lines))
