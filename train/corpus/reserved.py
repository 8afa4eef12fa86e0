"""What is kept for evaluation and must never be trained on: data, and the three ways it is recognised.

By name (the repository or a fork that kept its name), by package (a manifest that publishes the reserved
package), by content (deduplicate.py gives reserved repositories the first place, so that every near copy of
their files goes).
"""

import json
import re
from pathlib import PurePosixPath

# Repository -> what its manifests call it. A trailing * stands for any rest.
RESERVED: dict[str, tuple[str, ...]] = {
    "honojs/hono": ("npm:hono",),
    "trpc/trpc": ("npm:@trpc/*",),
    "TanStack/query": (
        *(f"npm:@tanstack/{name}-query*" for name in "react vue solid svelte angular lit preact eslint-plugin".split()),
        "npm:@tanstack/query-*",
        "npm:react-query",
    ),
    "celery/celery": ("pypi:celery",),
    "scrapy/scrapy": ("pypi:scrapy",),
    "caddyserver/caddy": ("go:github.com/caddyserver/caddy*",),
    "clap-rs/clap": ("cargo:clap", *(f"cargo:clap_{part}" for part in "builder derive lex complete mangen".split())),
    "mockito/mockito": ("maven:org.mockito*", "gradle:org.mockito*"),
    "DapperLib/Dapper": ("nuget:dapper", "nuget:dapper.*"),
    "laravel/framework": ("composer:laravel/framework", "composer:illuminate/*"),
    "fmtlib/fmt": ("cmake:fmt",),
    "ktorio/ktor": ("gradle:io.ktor*", "maven:io.ktor*"),
}

# Benchmarks and the repositories that publish them or copies of them.
BENCHMARK_REPOSITORIES = (
    "openai/human-eval",
    "openai/human-eval-infilling",
    "amazon-science/mxeval",
    "amazon-science/mbxp-exec-eval",
    "google-research/google-research",
    "nuprl/MultiPL-E",
    "evalplus/evalplus",
    "bigcode-project/bigcode-evaluation-harness",
    "THUDM/CodeGeeX",
    "THUDM/CodeGeeX2",
    "EleutherAI/lm-evaluation-harness",
    "deepseek-ai/DeepSeek-Coder",
    "QwenLM/Qwen2.5-Coder",
    "QwenLM/Qwen3-Coder",
    "bigcode-project/santacoder-fim-task",
)

# Names too common to tell a fork by ("someone/query" is not TanStack's).
_COMMON_NAMES = frozenset({"query", "framework"})


def reserved_by_name(repository: str) -> str | None:
    """The reserved repository that `owner/name` is, or is a fork of by its name; None where it is free."""
    repository = repository.lower()
    name = repository.split("/")[-1]
    for reserved in (*RESERVED, *BENCHMARK_REPOSITORIES):
        lower = reserved.lower()
        same_name = name == lower.split("/")[-1] and name not in _COMMON_NAMES
        if repository == lower or same_name:
            return reserved
    return None


def reserved_by_manifest(path: str, text: str) -> str | None:
    """The reserved repository whose package the manifest at `path` declares; None for any other file."""
    declared = _declared_package(PurePosixPath(path), text)
    if declared is None:
        return None
    for repository, packages in RESERVED.items():
        for package in packages:
            if declared == package or (package.endswith("*") and declared.startswith(package[:-1])):
                return repository
    return None


def is_manifest(path: str) -> bool:
    """Whether reserved_by_manifest can read this file."""
    return PurePosixPath(path).name.lower() in _READERS or path.endswith(".csproj")


def _declared_package(path: PurePosixPath, text: str) -> str | None:
    if path.suffix == ".csproj":
        found = re.search(r"<(?:PackageId|AssemblyName)>([^<$]+)<", text)
        return f"nuget:{(found[1] if found else path.stem).strip().lower()}"
    reader = _READERS.get(path.name.lower())
    if reader is None:
        return None
    registry, pattern = reader
    if registry in ("npm", "composer"):
        try:
            manifest = json.loads(text)
        except ValueError:
            return None
        name = manifest.get("name") if isinstance(manifest, dict) else None
        return f"{registry}:{name.lower()}" if isinstance(name, str) else None
    found = re.search(pattern, text, re.MULTILINE)
    return f"{registry}:{found[1].lower()}" if found else None


_READERS: dict[str, tuple[str, str]] = {
    "package.json": ("npm", ""),
    "composer.json": ("composer", ""),
    "pyproject.toml": ("pypi", r"^name\s*=\s*[\"']([\w.-]+)[\"']"),
    "setup.cfg": ("pypi", r"^name\s*=\s*([\w.-]+)"),
    "setup.py": ("pypi", r"\bname\s*=\s*[\"']([\w.-]+)[\"']"),
    "go.mod": ("go", r"^module\s+(\S+)"),
    "cargo.toml": ("cargo", r"^\[package\][^\[]*?^name\s*=\s*\"([\w-]+)\""),
    "pom.xml": ("maven", r"(?:^|>)\s*<groupId>([\w.]+)</groupId>"),
    "build.gradle": ("gradle", r"^\s*group\s*=?\s*[\"']([\w.]+)[\"']"),
    "build.gradle.kts": ("gradle", r"^\s*group\s*=?\s*[\"']([\w.]+)[\"']"),
    "gradle.properties": ("gradle", r"^\s*group\s*=\s*([\w.]+)"),
    "cmakelists.txt": ("cmake", r"^\s*project\s*\(\s*([\w-]+)"),
}
