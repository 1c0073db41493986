"""The pytest plugin: ``--golden DIR``, or ``golden_paths`` in the ini file, collects cases.

pytest loads this module in every project where the package is installed, so it imports nothing
of the package before a run asks for golden cases.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of golden cases."""
    group = parser.getgroup("golden", "golden cases (cleaner)")
    group.addoption(
        "--golden",
        action="append",
        default=[],
        metavar="DIR",
        help="Run the golden cases in and below DIR, beside what is run anyway; may be repeated.",
    )
    group.addoption(
        "--golden-update",
        action="store_true",
        help="Write .new files beside the expectations that changed or are missing; look at them "
        "with `cleaner golden diff`, take them over with `cleaner golden accept`. Nothing is "
        "written where CI is set.",
    )
    group.addoption(
        "--golden-extractor",
        metavar="MODULE:FUNCTION",
        help="Test this extractor with the cases: called with the page's bytes and url=..., it "
        "returns the text, or a mapping with text and metadata.",
    )
    parser.addini("golden_paths", "Folders of golden cases (cleaner).", type="paths", default=[])
    parser.addini("golden_extractor", "The extractor that the golden cases test.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Collect golden cases in this run, if it asks for any."""
    asked = [config.invocation_params.dir / name for name in config.getoption("golden")]
    configured: list[Path] = config.getini("golden_paths")
    if asked or configured:
        from cleaner.golden.collect import GoldenCases

        config.pluginmanager.register(GoldenCases(config, asked, configured), "golden-cases")
