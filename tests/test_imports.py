"""Imports go one way: no module imports one that stands later in the pipeline."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cleaner"

STAGES: list[set[str]] = [
    {"late", "collector", "cores"},
    {"types", "errors"},
    {"detection", "encoding", "media"},
    {"charset"},
    {"mhtml"},
    {"capture"},
    {"blocks"},
    {"fingerprints"},
    {"template"},
    {"lexicon"},
    {"features", "metadata"},
    {"model"},
    {"evidence"},
    {"kinds"},
    {"labels"},
    {"reasons"},
    {"comments", "doubt"},
    {"render"},
    {"document"},
    {"pipeline"},
    {"many"},
    {"sites", "archive", "golden", "evaluate"},
    {"bench"},
    {"train"},
    {"terminal"},
    {"cli"},
    {"__main__"},
]
"""Modules and folders of the package in the order of the data's way."""

LIGHT = {
    "numpy",
    "rich",
    "click",
    "dateparser",
    "py3langid",
    "markdown_it",
    "bs4",
    "charset_normalizer",
}
"""Libraries that ``import cleaner`` must not load."""


def stage_of(name: str) -> int:
    for number, names in enumerate(STAGES):
        if name in names:
            return number
    raise AssertionError(f"{name} has no place in the order of imports")


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the package's modules that a file imports when it runs, with the line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cleaner":
            parts = (node.module or "").split(".")
            names = [parts[1]] if len(parts) > 1 else _of_package(node)
        elif isinstance(node, ast.Import):
            dotted = [alias.name.split(".") for alias in node.names]
            names = [parts[1] for parts in dotted if parts[0] == "cleaner" and len(parts) > 1]
        else:
            continue
        yield from ((name, node.lineno) for name in names)


def _of_package(node: ast.ImportFrom) -> list[str]:
    """Return the modules that ``from cleaner import ...`` takes; names of values are pipeline's."""
    modules = set().union(*STAGES)
    return [a.name if a.name in modules else "pipeline" for a in node.names if a.name[0] != "_"]


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_import_steps_back(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name, line in imports_of(path):
        if name.startswith("__"):
            continue
        assert stage_of(name) <= stage_of(own), f"{path}:{line}: {own} imports {name}"


def test_every_stage_exists() -> None:
    planned = {"sites", "archive", "train"}
    there = {path.stem for path in PACKAGE.glob("*.py")} | {
        path.name for path in PACKAGE.iterdir() if path.is_dir()
    }
    assert set().union(*STAGES) - planned <= there


def test_importing_the_package_is_light() -> None:
    import subprocess
    import sys

    code = "import sys; from cleaner import clean; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not LIGHT & set(run.stdout.split())


def test_the_pytest_plugin_imports_nothing_before_it_is_asked() -> None:
    import subprocess
    import sys

    code = "import sys, cleaner.golden.plugin; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    ours = {name for name in loaded if name.partition(".")[0] == "cleaner"}
    assert ours == {"cleaner", "cleaner.golden", "cleaner.golden.plugin", "cleaner.late"}
    assert not {"lxml", "pytest", *LIGHT} & loaded
