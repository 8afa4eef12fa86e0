"""Nothing that is reserved for evaluation passes: not by name, not by package, not by content."""

from collections.abc import Callable
from pathlib import Path

import pytest
from samples import MIT, code

from corpus import repositories
from corpus.__main__ import main
from corpus.reserved import BENCHMARK_REPOSITORIES, RESERVED, reserved_by_manifest, reserved_by_name

MANIFESTS = {
    "honojs/hono": ("package.json", '{"name": "hono"}'),
    "trpc/trpc": ("packages/server/package.json", '{"name": "@trpc/server"}'),
    "TanStack/query": ("packages/query-core/package.json", '{"name": "@tanstack/query-core"}'),
    "celery/celery": ("setup.py", 'setup(name="celery", version="5")'),
    "scrapy/scrapy": ("pyproject.toml", '[project]\nname = "Scrapy"\n'),
    "caddyserver/caddy": ("go.mod", "module github.com/caddyserver/caddy/v2\n"),
    "clap-rs/clap": ("clap_builder/Cargo.toml", '[package]\nversion = "4"\nname = "clap_builder"\n'),
    "mockito/mockito": ("build.gradle.kts", 'group = "org.mockito"\n'),
    "DapperLib/Dapper": ("Dapper/Dapper.csproj", "<Project><AssemblyName>Dapper</AssemblyName></Project>"),
    "laravel/framework": ("composer.json", '{"name": "laravel/framework"}'),
    "fmtlib/fmt": ("CMakeLists.txt", "cmake_minimum_required(VERSION 3)\nproject(FMT CXX)\n"),
    "ktorio/ktor": ("gradle.properties", "group=io.ktor\n"),
}


@pytest.mark.parametrize("name", [*RESERVED, *BENCHMARK_REPOSITORIES])
def test_a_reserved_repository_is_known_by_name_whatever_its_case(name: str) -> None:
    assert reserved_by_name(name) == reserved_by_name(name.upper()) is not None


def test_a_fork_that_kept_the_name_is_known_and_a_common_name_is_free() -> None:
    assert reserved_by_name("someone/celery") == "celery/celery"
    assert reserved_by_name("someone/human-eval") == "openai/human-eval"
    assert reserved_by_name("someone/query") is None
    assert reserved_by_name("TanStack/table") is None


@pytest.mark.parametrize("reserved", RESERVED)
def test_a_renamed_fork_is_known_by_the_package_it_publishes(reserved: str) -> None:
    assert reserved_by_manifest(*MANIFESTS[reserved]) == reserved


def test_depending_on_a_reserved_package_is_allowed() -> None:
    assert reserved_by_manifest("package.json", '{"name": "shop", "dependencies": {"hono": "4"}}') is None
    assert reserved_by_manifest("Cargo.toml", '[package]\nname = "shop"\n[dependencies.clap]\nname = "clap"\n') is None
    assert reserved_by_manifest("go.mod", "module example.org/shop\nrequire github.com/caddyserver/caddy v2\n") is None


def test_a_list_that_names_a_reserved_repository_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "repositories.tsv"
    repositories.save([repositories.Repository("honojs/hono", "0" * 40, "MIT", "typescript")], path)
    with pytest.raises(repositories.RefusedError, match="honojs/hono is reserved"):
        repositories.load(path)


def test_a_list_with_a_licence_that_is_not_permissive_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "repositories.tsv"
    repositories.save([repositories.Repository("a/b", "0" * 40, "GPL-3.0", "c")], path)
    with pytest.raises(repositories.RefusedError, match=r"a/b has the licence GPL-3\.0"):
        repositories.load(path)


def test_the_shipped_list_holds_nothing_reserved() -> None:
    assert not [row.name for row in repositories.load() if reserved_by_name(row.name)]


def test_a_fork_by_package_is_refused_at_the_root_and_left_out_below_it(make_mirror: Callable) -> None:
    fork = make_mirror("a/fork", {"LICENSE": MIT, "package.json": '{"name": "hono"}', "src/a.ts": code(1)})
    with pytest.raises(repositories.RefusedError, match="package of honojs/hono"):
        repositories.examine(fork, "a/fork")
    copy = make_mirror("a/copy", {"LICENSE": MIT, "packages/q/package.json": '{"name": "@trpc/client"}'})
    assert repositories.examine(copy, "a/copy").licence == "MIT"


def test_near_copies_of_reserved_files_go_and_a_fork_by_content_goes_whole(
    tmp_path: Path, make_mirror: Callable
) -> None:
    secret = {f"src/s{i}.py": code(900 + i) for i in range(10)}
    make_mirror("celery/celery", {"LICENSE": MIT, "setup.py": 'setup(name="celery")', **secret})
    renamed = {path.replace("src", "worker"): text + "# changed\n" for path, text in secret.items()}
    make_mirror("b/taskqueue", {"LICENSE": MIT, **renamed, "own.py": code(1)})
    own = {f"m{i}.py": code(100 + i) for i in range(30)}
    make_mirror("c/app", {"LICENSE": MIT, **own, "copied.py": secret["src/s3.py"] + "# copied\n"})
    options = ["--mirrors", str(tmp_path / "mirrors"), "--out", str(tmp_path / "out")]
    for stage in ("pin", "all"):
        main([stage, "--list", str(tmp_path / "list.tsv"), *options])
    found = (tmp_path / "out" / "duplicates.json").read_text()
    assert '"fork of reserved"' in found and '"copy of reserved"' in found
    report = (tmp_path / "out" / "report.md").read_text()
    assert "30 files of 1 repositories" in report
