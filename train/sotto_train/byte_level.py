"""GPT-2's spelling of bytes: a printable character for each, so that tokens can be written in JSON."""

from functools import cache


@cache
def byte_characters() -> list[str]:
    """The character of each byte."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    extra = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(extra)) for byte in range(256)]


@cache
def byte_of_character() -> dict[str, int]:
    return {character: byte for byte, character in enumerate(byte_characters())}


def spelled_bytes(spelling: str) -> bytes:
    """The bytes that a token's spelling stands for."""
    return bytes(byte_of_character()[character] for character in spelling)
