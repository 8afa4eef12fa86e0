"""A licence is told by its text, and doubt refuses."""

import pytest
from samples import MIT

from corpus.licences import combine, detect, has_refused_header, is_licence_file

BSD = "Redistribution and use in source and binary forms, with or without modification, are permitted. "
BSD_BINARY = "Redistributions in binary form must reproduce the above copyright notice. "
ENDORSE = "Neither the name of X may be used to endorse or promote products derived from this software. "
ISC = "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee "
ISC += "is hereby granted"


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        (MIT, "MIT"),
        ("Apache License\n  Version 2.0, January 2004\nTERMS AND CONDITIONS", "Apache-2.0"),
        (BSD + BSD_BINARY, "BSD-2-Clause"),
        (BSD + BSD_BINARY + ENDORSE, "BSD-3-Clause"),
        (BSD + BSD_BINARY + ENDORSE + "All advertising materials mentioning features must", None),
        (ISC + ", provided that the above copyright notice", "ISC"),
        (ISC + ". THE SOFTWARE IS PROVIDED", "0BSD"),
        (
            "This is free and unencumbered software released into the public domain. Anyone is free to use it, for "
            "any purpose, commercial or non-commercial, and by any means.",
            "Unlicense",
        ),
        ("CC0 1.0 Universal", "CC0-1.0"),
        (
            "In no event will the authors be held liable. Altered source versions must be plainly marked as such.",
            "Zlib",
        ),
        ("GNU GENERAL PUBLIC LICENSE Version 3", None),
        ("GNU Affero General Public License", None),
        ("Mozilla Public License Version 2.0", None),
        ("Business Source License 1.1", None),
        ("Copyright 2024. Ask before you use this.", None),
        ("", None),
    ],
)
def test_a_text_names_its_licence(text: str, spdx: str | None) -> None:
    assert detect(text) == spdx


def test_a_permissive_text_with_a_condition_on_top_is_refused() -> None:
    assert detect(MIT + '\n"Commons Clause" License Condition v1.0') is None
    assert detect(MIT + "\nThe folder ee/ is under the Enterprise License.") is None


def test_line_breaks_and_capitals_do_not_matter() -> None:
    assert detect(MIT.upper().replace(" ", "\n   ")) == "MIT"


def test_two_permissive_licences_are_a_choice_and_a_refused_one_refuses_both() -> None:
    assert combine(["MIT", "Apache-2.0"]) == "Apache-2.0 OR MIT"
    assert combine(["MIT", None]) is None
    assert combine([]) is None


@pytest.mark.parametrize("name", ["LICENSE", "LICENCE.md", "COPYING", "LICENSE-MIT", "UNLICENSE", "sub/License.txt"])
def test_licence_files_are_found_by_name(name: str) -> None:
    assert is_licence_file(name)


@pytest.mark.parametrize("name", ["licenses.py", "LICENSE-3rdparty.txt", "README.md", "license_test.go", "NOTICE"])
def test_files_about_licences_are_not_licence_files(name: str) -> None:
    assert not is_licence_file(name)


def test_a_copyleft_header_refuses_a_source_file() -> None:
    assert has_refused_header("// SPDX-License-Identifier: GPL-2.0-only\nint main() {}")
    assert has_refused_header("# under the terms of the GNU General Public License\n")
    assert not has_refused_header("// SPDX-License-Identifier: (MIT OR Apache-2.0)\n")
