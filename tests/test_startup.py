"""What is loaded, and when: a program that cleans one page must not wait for what it does not need.

Names of modules hold the line, not times, which are those of a machine.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench_pages import article

COMMAND = "import sys\nfrom cleaner.cli import main\nmain(sys.argv[1:], standalone_mode=False)\n"

FOR_METADATA = frozenset({"py3langid", "jdatetime", "hijridate"})
"""What reads languages and dates."""

FOR_OTHERS = frozenset(
    {
        "asyncio", "bs4", "catboost", "charset_normalizer", "concurrent", "email", "http",
        "hypothesis", "markdown_it", "multiprocessing", "pyarrow", "rich", "sqlite3", "ssl",
        "trafilatura", "xml", "yaml",
    }
)  # fmt: skip
"""What other captures, other commands and other formats need."""

OWN_OTHERS = frozenset(
    {
        "cleaner.archive", "cleaner.bench", "cleaner.blocks.markdown", "cleaner.blocks.plain",
        "cleaner.evaluate", "cleaner.golden", "cleaner.many", "cleaner.mhtml", "cleaner.reasons",
        "cleaner.render.html", "cleaner.render.json", "cleaner.render.markdown",
        "cleaner.render.tei", "cleaner.sites", "cleaner.terminal", "cleaner.train",
    }
)  # fmt: skip


def loaded_by(code: str, *arguments: str) -> set[str]:
    """Return the modules that a new process loads."""
    told = "\nimport sys\nprint('\\n' + ' '.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code + told, *arguments], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split("\n")[-2].split())


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_bytes(article(1, 12))
    return str(path)


def test_the_package_alone_loads_next_to_nothing() -> None:
    loaded = loaded_by("import cleaner")
    assert {name for name in loaded if name.startswith("cleaner")} == {"cleaner", "cleaner.late"}
    assert not {"lxml", "numpy", "dataclasses", "inspect"} & loaded


def test_clean_loads_no_library_before_its_first_page() -> None:
    loaded = packages(loaded_by("from cleaner import clean"))
    assert loaded.isdisjoint({"numpy", "babel", "click"} | FOR_METADATA | FOR_OTHERS)


def test_the_command_loads_for_a_text_what_a_text_needs(page: str) -> None:
    loaded = loaded_by(COMMAND, page)
    assert "cleaner.labels" in loaded
    assert packages(loaded).isdisjoint(FOR_METADATA | FOR_OTHERS)
    assert loaded.isdisjoint(OWN_OTHERS)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_other_formats_load_their_own_renderer_alone(page: str, form: str) -> None:
    loaded = loaded_by(COMMAND, page, "--format", form)
    own = {f"cleaner.render.{form}", "cleaner.render.markdown"}  # HTML takes rules from it
    assert own <= loaded
    assert loaded.isdisjoint(OWN_OTHERS - own)
    assert packages(loaded).isdisjoint(FOR_METADATA | FOR_OTHERS)


def test_metadata_that_is_shown_is_read_in_full(page: str) -> None:
    for arguments in (["--format", "json"], ["--metadata"]):
        assert "py3langid" in loaded_by(COMMAND, page, *arguments), arguments


def test_the_model_of_languages_is_for_full_metadata_alone() -> None:
    code = "from cleaner import clean\nclean('<p>' + 'The mill is closed today. ' * 20"
    assert "py3langid" in loaded_by(f"{code}).metadata")
    for rest in (").text", ", metadata='structured').metadata"):
        assert packages(loaded_by(code + rest)).isdisjoint(FOR_METADATA)
