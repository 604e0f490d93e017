"""What the repository promises about itself: its targets, pins, packages and paper."""

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from keywire.cli import app
from scraper.platform import table
from scraper.read import PLATFORMS

ROOT = Path(__file__).parents[1]
PACKAGES = ("keywire", "scraper", "store", "feeds")
TARGETS = ("setup", "run", "test", "check", "bench", "torture", "constraints", "clean")
# Put together here, so that this file does not name them either.
REGISTRIES = tuple(
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("pypi", "python", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
    )
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _text(name):
    return (ROOT / name).read_text("utf-8")


def _files() -> Iterator[Path]:
    """Yield every file of the repository that is not made by a tool."""
    made = {"__pycache__", "build", "dist", "results"}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in made
            and not name.endswith(".egg-info")
            and (not name.startswith(".") or name == ".ci")
        ]
        yield from (Path(folder, name) for name in names if not name.endswith((".db", ".lock")))


def _commands(markdown: str) -> list[str]:
    """List the command lines in the fenced shell blocks of a Markdown text, without prompts."""
    blocks = re.findall(
        r"^```(?:sh|bash|shell|console)\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL
    )
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [re.sub(r"\s+#.*", "", line) for line in lines if line and not line.startswith("#")]


def _anchors(markdown: str) -> set[str]:
    """Give the anchors that a Markdown text's headings get."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    make = shutil.which("make")
    assert make, "make is not installed"
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        [make, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _pins() -> dict[str, str]:
    lines = re.findall(r"^[A-Za-z].*", _text("constraints.txt"), re.MULTILINE)
    return {canonicalize_name(Requirement(line).name): line for line in lines}


def _requirements() -> list[Requirement]:
    listed = (
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
        *PROJECT["build-system"]["requires"],
    )
    return [Requirement(line) for line in listed]


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_that_is_promised_is_in_the_makefile_with_a_word_on_what_it_does(target):
    assert re.search(rf"^{target}:.*  ## \S", _text("Makefile"), re.MULTILINE)
    planned = _make("--dry-run", target)
    assert planned.returncode == 0, planned.stderr
    assert f"make {target} " in _make("help").stdout


def test_make_says_which_python_it_needs(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    refused = _make("-C", str(tmp_path), "setup", "PYTHON=false")
    assert refused.returncode != 0
    assert "keywire needs Python 3.11 or newer" in refused.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_readme_begins_with_make_run_and_make_test():
    assert _commands(_text("README.md"))[:2] == ["make run", "make test"]


def test_every_make_target_that_a_document_names_exists():
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), re.MULTILINE))
    documents = [ROOT / ".ci" / "run", *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for document in documents:
        text = document.read_text("utf-8")
        quoted = re.findall(r"`make ([a-z]+)", text)
        run = [command.split()[1] for command in _commands(text) if command.startswith("make ")]
        assert targets.issuperset(quoted + run), document


def test_every_keywire_command_in_a_document_is_one():
    shown = subprocess.run(
        [Path(sys.executable).with_name("keywire"), "--help"],
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    documents = [ROOT / "README.md", *ROOT.glob("docs/*.md")]
    named = {
        command.split()[1]
        for document in documents
        for command in _commands(document.read_text("utf-8"))
        if re.match(r"(\S*/)?keywire [a-z]", command)
    }
    assert named, "no document shows a keywire command"
    for name in named:
        assert re.search(rf"\b{name}\b", shown.stdout), name


def test_constraints_pin_every_dependency_within_what_the_project_asks_for():
    pins = _pins()
    for requirement in _requirements():
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not pinned: run `make constraints`"
        (pinned,) = Requirement(pins[name]).specifier
        assert pinned.operator == "=="
        assert requirement.specifier.contains(pinned.version), f"{requirement} but {pins[name]}"


def test_constraints_pin_what_the_dependencies_need_in_turn():
    pins = _pins()
    waiting = [(item.name, extra) for item in _requirements() for extra in ("", *item.extras)]
    done = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in done:
            continue
        done.add((name, extra))
        assert canonicalize_name(name) in pins, f"{name} is not pinned: run `make constraints`"
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # the build backend is only in the build's own environment
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting += [(need.name, further) for further in ("", *need.extras)]
    assert len(done) > len(_requirements())


def test_constraints_hold_names_and_versions_and_no_address():
    text = _text("constraints.txt")
    assert "//" not in text
    assert " @ " not in text
    assert not re.search(r"^\s*-", text, re.MULTILINE)
    assert not re.search(r"^ *# (?!  |via)", text, re.MULTILINE), "made with --no-header"


def test_no_file_names_a_package_registry():
    for path in _files():
        body = path.read_bytes().lower()
        found = [host for host in REGISTRIES if host.encode() in body]
        assert not found, f"{path.relative_to(ROOT)} names {found}"


def test_no_dependency_ships_a_top_level_name_of_ours():
    owners = importlib.metadata.packages_distributions()
    assert "pytest" in owners
    for package in PACKAGES:
        assert set(owners.get(package, ())) <= {"keywire"}, f"{package}: {owners[package]}"


def test_the_wheel_holds_every_package_that_there_is():
    assert tuple(PROJECT["tool"]["uv"]["build-backend"]["module-name"]) == PACKAGES
    others = {"tests", "bench"}
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found - others == set(PACKAGES)


def test_a_package_says_what_it_is_for_and_nothing_else():
    inits = [path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")]
    assert len(inits) >= len(PACKAGES)
    for path in inits:
        body = ast.parse(path.read_bytes()).body
        assert len(body) == 1, f"{path} does more than say what it is for"
        assert isinstance(body[0], ast.Expr), path
        assert isinstance(body[0].value, ast.Constant), path
        assert isinstance(body[0].value.value, str), path


def test_packages_that_are_called_typed_bear_the_mark_of_it():
    assert "Typing :: Typed" in PROJECT["project"]["classifiers"]
    for package in PACKAGES:
        assert (ROOT / package / "py.typed").exists(), f"{package}: PEP 561 wants py.typed"


def test_every_folder_of_modules_is_a_package():
    for package in PACKAGES:
        for module in (ROOT / package).rglob("*.py"):
            assert (module.parent / "__init__.py").exists(), module


def test_tests_are_no_packages():
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_the_licence_is_mit_and_the_metadata_says_so():
    licence = _text("LICENSE")
    assert licence.startswith("MIT License\n")
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in licence
    assert PROJECT["project"]["license"] == "MIT"
    assert PROJECT["project"]["license-files"] == ["LICENSE"]


def test_a_decision_is_short_numbered_once_and_says_context_decision_and_consequences():
    records = sorted((ROOT / "docs" / "decisions").glob("*"))
    assert records
    for record in records:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", record.name)
        lines = record.read_text("utf-8").splitlines()
        assert len(lines) <= 40, f"{record.name} has {len(lines)} lines"
        assert lines[0].startswith(f"# {record.name[:4]} "), record.name
        headings = [line for line in lines if line.startswith("## ")]
        assert headings == ["## Context", "## Decision", "## Consequences"], record.name
    numbers = [record.name[:4] for record in records]
    assert len(set(numbers)) == len(numbers)


def test_ci_can_be_run_and_stops_at_the_first_failure():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text("utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert "make check test" in lines


def test_the_readme_has_the_table_of_platforms_that_the_code_makes():
    assert table(PLATFORMS) in _text("README.md"), f"the README wants:\n{table(PLATFORMS)}"


def test_the_readme_tells_of_every_command():
    for command in app.registered_commands:
        assert f"keywire {command.name or command.callback.__name__}" in _text("README.md")


def test_links_within_the_documents_lead_to_files_and_headings_that_there_are():
    followed = 0
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", document.read_text("utf-8")):
            name, _, heading = link.partition("#")
            aim = document.parent / name if name else document
            assert aim.exists(), f"{document.name}: {link}"
            assert not heading or heading in _anchors(aim.read_text("utf-8")), link
            followed += 1
    assert followed > len(list(ROOT.glob("docs/*.md")))
