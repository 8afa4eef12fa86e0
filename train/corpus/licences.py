"""Tells a licence by its text. Knows nothing of git; never trusts a name, a badge or a manifest.

A text that holds a copyleft or source-available licence anywhere is refused, even next to a permissive one:
a wrong refusal costs a repository, a wrong acceptance costs the corpus.
"""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

PERMISSIVE = frozenset("MIT MIT-0 Apache-2.0 BSD-2-Clause BSD-3-Clause ISC 0BSD Unlicense CC0-1.0 Zlib".split())

# Phrases over normalised text (lower case, words and single spaces). All of a row's phrases must be there,
# none of its third column; the first row that fits wins.
_SIGNS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("Apache-2.0", ("apache license version 2 0",), ()),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",), ()),
    ("CC0-1.0", ("cc0 1 0 universal",), ()),
    (
        "Zlib",
        ("in no event will the authors be held liable", "altered source versions must be plainly marked"),
        (),
    ),
    (
        "BSD-3-Clause",
        ("redistribution and use in source and binary forms", "endorse or promote products derived"),
        ("all advertising materials mentioning",),
    ),
    (
        "BSD-2-Clause",
        ("redistribution and use in source and binary forms", "redistributions in binary form must reproduce"),
        ("all advertising materials mentioning", "endorse or promote"),
    ),
    (
        "MIT",
        (
            "permission is hereby granted free of charge to any person obtaining a copy",
            "notice shall be included in all copies or substantial portions",
        ),
        (),
    ),
    (
        "MIT-0",
        ("permission is hereby granted free of charge to any person obtaining a copy",),
        ("shall be included",),
    ),
    (
        "ISC",
        ("for any purpose with or without fee is hereby granted provided that the above copyright notice",),
        (),
    ),
    ("0BSD", ("for any purpose with or without fee is hereby granted",), ("provided that",)),
]

_REFUSED = re.compile(
    r"\b(gnu (lesser |library |affero )?general public license|gnu affero|gnu lgpl|mozilla public license"
    r"|eclipse public license|european union public licen[cs]e|common development and distribution"
    r"|business source license|server side public license|functional source license|commons clause"
    r"|elastic license|sustainable use license|fair source|polyform|confluent community"
    r"|enterprise (edition )?license|commercial license|for non ?commercial|non ?commercial (use|purposes?) only"
    r"|all rights reserved no part|may not be used in production"
    r"|attribution (noncommercial|sharealike|noderiv\w*))\b"
)
_FILE = re.compile(r"^(un)?(licen[cs]es?|copying)([-_.].*)?$", re.IGNORECASE)
# About what is bundled (vendored folders go anyway), about prose and pictures, or a machine's form of the text.
_OTHERS = re.compile(r"third|3rd|notice|bundled|depend|binary|logo|docs|font|\.spdx$", re.IGNORECASE)
_NOT_A_TEXT = re.compile(r"\.(py|js|ts|go|rs|java|cs|c|h|json|ya?ml|html|png|svg|sh|toml|tmpl|header)$", re.IGNORECASE)


def detect(text: str) -> str | None:
    """SPDX id of a licence text, or None where it is unknown or not permissive."""
    words = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
    if _REFUSED.search(words):
        return None
    for spdx, needed, absent in _SIGNS:
        if all(phrase in words for phrase in needed) and not any(phrase in words for phrase in absent):
            return spdx
    return None


def is_licence_file(path: str) -> bool:
    """Whether the file's name is one that licences are kept under (LICENSE, COPYING, LICENSE-MIT, ...)."""
    name = PurePosixPath(path).name
    return bool(_FILE.match(name)) and not _NOT_A_TEXT.search(name) and not _OTHERS.search(name)


def combine(detected: Iterable[str | None]) -> str | None:
    """One SPDX expression for all licence files of a folder; None where there is none or one is refused."""
    found = list(detected)
    if not found or None in found:
        return None
    return " OR ".join(sorted({spdx for spdx in found if spdx}))


_HEADER = re.compile(
    r"SPDX-License-Identifier:\s*\(?(?!MIT|Apache-2\.0|BSD|ISC|0BSD|Unlicense|CC0|Zlib)[A-Za-z]"
    r"|GNU (Lesser |Library |Affero )?General Public Licen[cs]e|Mozilla Public License|Business Source License"
    r"|Elastic License|Eclipse Public License",
    re.IGNORECASE,
)


def has_refused_header(text: str) -> bool:
    """Whether a source file's first 2,000 characters put it under a licence that is not permissive."""
    return bool(_HEADER.search(text[:2000]))
