"""Which language a path is, and how much of the corpus each language should be.

Knows paths only, never text.
"""

from pathlib import PurePosixPath

# Extension -> language. Names as in GitHub's linguist, in lower case.
EXTENSIONS = {
    **dict.fromkeys([".ts", ".tsx", ".mts", ".cts"], "typescript"),
    **dict.fromkeys([".js", ".jsx", ".mjs", ".cjs"], "javascript"),
    **dict.fromkeys([".py", ".pyi"], "python"),
    ".go": "go",
    ".rs": "rust",
    ".java": "java",
    ".cs": "csharp",
    **dict.fromkeys([".c", ".h"], "c"),
    **dict.fromkeys([".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx"], "cpp"),
    **dict.fromkeys([".html", ".htm", ".vue", ".svelte"], "html"),
    **dict.fromkeys([".css", ".scss", ".less"], "css"),
    ".json": "json",
    **dict.fromkeys([".yml", ".yaml"], "yaml"),
    **dict.fromkeys([".md", ".mdx"], "markdown"),
    **dict.fromkeys([".sh", ".bash", ".zsh"], "shell"),
}

# The share of the corpus that each group of languages should have.
SHARES = {
    ("typescript", "javascript"): 0.35,
    ("python",): 0.25,
    ("go",): 0.07,
    ("java",): 0.07,
    ("rust",): 0.06,
    ("c", "cpp"): 0.06,
    ("csharp",): 0.05,
    ("markdown",): 0.025,
    ("html",): 0.02,
    ("css",): 0.015,
    ("yaml",): 0.01,
    ("json",): 0.01,
    ("shell",): 0.01,
}

# Text about code rather than code: the first to go where a repository is over its limit.
SECONDARY = frozenset({"html", "css", "json", "yaml", "markdown"})


def language_of(path: str) -> str | None:
    """The language of a path, or None where the corpus does not take such files."""
    return EXTENSIONS.get(PurePosixPath(path).suffix.lower())


def group_of(language: str) -> tuple[str, ...]:
    """The group of SHARES that a language belongs to."""
    return next(group for group in SHARES if language in group)
