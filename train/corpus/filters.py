"""Which files are worth learning from: small pure predicates, each with the name it is reported under.

A predicate answers True where the file goes. Path predicates run before the file is read.
Knows nothing of git or of the other files of a repository.
"""

import re
from collections.abc import Callable

from . import licences

# Raised when a filter changes, so that repositories read under the old ones are read again.
VERSION = 1

# Bytes. Past these a file is data, or a generated table, more often than written code.
LARGEST = {"json": 20_000, "yaml": 20_000, "html": 60_000, "css": 60_000, "markdown": 60_000}
LARGEST_CODE = 200_000
SMALLEST = 50
LONGEST_LINE = 1_000
LONGEST_MEAN_LINE = 100
LEAST_ALPHANUMERIC = 0.25


def _folders(names: str) -> re.Pattern[str]:
    return re.compile(rf"(^|/)({names})/", re.IGNORECASE)


_VENDORED = _folders(
    r"node_modules|bower_components|jspm_packages|vendors?|vendored|_vendor|_vendored|third[-_]?party|3rd[-_]?party"
    r"|externals?|extern|deps|bundled|submodules|pods|carthage|\.yarn|site-packages|godeps|thirdparty|gyp|wwwroot/lib"
)
_FIXTURE = re.compile(
    r"(^|/)(__)?(fixtures?|testfixtures?|snapshots?|testdata|test[-_]data|test[-_]?files?|test[-_]?cases|testcases"
    r"|goldens?|baselines?|cassettes|recordings|corpus|corpora|locales?|i18n|translations|l10n|mocks?[-_]data"
    r"|conformance|expected|__tests__/data|tests?/(data|resources|input|output|assets))(__)?/",
    re.IGNORECASE,
)
_GENERATED = re.compile(
    r"(^|/)(dist|out|target|generated|__generated__|\.?gen|autogen|auto-generated|docs?/api|apidocs|javadoc"
    r"|storybook-static|coverage|obj|bin/(debug|release))/"
    r"|[._-](pb|pb2|pb2_grpc|g|gen|generated|designer|autogen)\.[a-z]+$|_grpc\.pb\.|\.pb\.|zz_generated|_generated\."
    r"|(^|/)(package-lock|npm-shrinkwrap|composer\.lock|pnpm-lock|yarn-lock|packages\.lock)[^/]*$"
    r"|(^|/)migrations/(\d{3,}_|\d{8})|(^|/)(changelog|changes|history|releases?|news|authors|contributors)[^/]*\.mdx?$",
    re.IGNORECASE,
)
_MINIFIED = re.compile(r"[.-](min|bundle|packed|pack)\.[a-z]+$|\.min\.", re.IGNORECASE)
_GENERATED_TEXT = re.compile(
    r"@generated\b|<auto-?generated|do not (edit|modify)|(auto|automatically|machine)[ -]?generated"
    r"|\b(code|file|was|is) generated (by|from|with|using)\b|^\W*generated (by|from|with)\b",
    re.IGNORECASE | re.MULTILINE,
)
# A plain mark, which is quick to look for, and the pattern that it must be part of.
_SECRETS = {
    "PRIVATE KEY": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "AKIA": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "gh": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    "github_pat_": re.compile(r"\bgithub_pat_\w{50,}"),
    "xox": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{20,}"),
    "AIza": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "k_live_": re.compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}"),
    "SG.": re.compile(r"\bSG\.[\w-]{20,}\.[\w-]{40,}"),
    "glpat-": re.compile(r"\bglpat-[\w-]{20}\b"),
    "npm_": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "sk-": re.compile(r"\bsk-[A-Za-z0-9]{48}\b"),
}
_NOT_ALPHANUMERIC = bytes(b for b in range(128) if not chr(b).isalnum())


def vendored(path: str) -> bool:
    """Somebody else's code, copied in: it belongs to another repository, under another licence."""
    return bool(_VENDORED.search(path))


def fixture(path: str) -> bool:
    """Data for tests and translations: input that is broken on purpose, output that a program wrote."""
    return bool(_FIXTURE.search(path))


def generated_path(path: str) -> bool:
    """What a tool writes at a place or under a name that gives it away; release notes too."""
    return bool(_GENERATED.search(path))


def minified(path: str) -> bool:
    """Names that minifiers and bundlers give."""
    return bool(_MINIFIED.search(path))


def wrong_size(language: str, size: int) -> bool:
    """Too small to hold a thought, or so large that it is a table. `size` in bytes."""
    return not SMALLEST <= size <= LARGEST.get(language, LARGEST_CODE)


def long_line(text: str) -> bool:
    """A line over 1,000 characters: minified, or data in a string."""
    return any(len(line) > LONGEST_LINE for line in text.split("\n"))


def long_mean_line(text: str) -> bool:
    """Lines of more than 100 characters on average."""
    return len(text) > LONGEST_MEAN_LINE * (text.count("\n") + 1)


def few_alphanumeric(text: str) -> bool:
    """Under a quarter letters and digits: tables, drawings. A letter outside ASCII counts as its UTF-8 bytes."""
    data = text.encode()
    return len(data.translate(None, _NOT_ALPHANUMERIC)) < LEAST_ALPHANUMERIC * len(data)


def generated_text(text: str) -> bool:
    """A header that says a tool wrote the file."""
    return bool(_GENERATED_TEXT.search(text[:1000]))


def secret(text: str) -> bool:
    """Private keys and tokens of well-known services."""
    return any(mark in text and pattern.search(text) for mark, pattern in _SECRETS.items())


PATH_FILTERS: dict[str, Callable[[str], bool]] = {
    "vendored": vendored,
    "fixture or translation": fixture,
    "generated (path)": generated_path,
    "minified": minified,
}

TEXT_FILTERS: dict[str, Callable[[str], bool]] = {
    "line over 1,000": long_line,
    "mean line over 100": long_mean_line,
    "alphanumeric under 25 %": few_alphanumeric,
    "generated (header)": generated_text,
    "refused licence (header)": licences.has_refused_header,
    "secret": secret,
}


def dropped_by_path(path: str, language: str, size: int) -> str | None:
    """Name of the first filter that drops the file before it is read, or None. `size` in bytes."""
    for name, drops in PATH_FILTERS.items():
        if drops(path):
            return name
    return "size" if wrong_size(language, size) else None


def dropped_by_text(text: str) -> str | None:
    """Name of the first filter that drops the file's text, or None."""
    return next((name for name, drops in TEXT_FILTERS.items() if drops(text)), None)
