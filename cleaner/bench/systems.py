"""What is timed: our system in its settings, the parser alone, the systems of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from cleaner.bench.pages import BenchPage
from cleaner.evaluate.peers import (
    METADATA_PEERS,
    OUR_SYSTEM,
    OURS,
    TEXT_PEERS,
    Extraction,
    PageInput,
    System,
    extract_ours,
    library,
)

STRUCTURED = "cleaner-structured"
PARSER = "lxml"


def _parse(page: PageInput) -> Extraction:
    """Parse to a tree and do nothing with it: what every system on this parser spends at least."""
    from lxml import etree

    etree.fromstring(page.body, etree.HTMLParser(huge_tree=True))
    return Extraction()


OWN: Mapping[str, System] = {
    OURS: OUR_SYSTEM,
    STRUCTURED: System(STRUCTURED, partial(extract_ours, metadata="structured")),
    PARSER: System(PARSER, _parse, ("lxml",)),
}
"""What always runs: text and metadata in full, with structured metadata, and the parser alone."""

PEERS: Mapping[str, System] = {**METADATA_PEERS, **TEXT_PEERS}
"""What runs beside. trafilatura is in both tables, with the same function."""


def find_systems(against: Sequence[str]) -> tuple[System, ...]:
    """Return our systems and the peers of these names, with what they import loaded.

    Raises ``MissingLibraryError``.
    """
    systems = (*OWN.values(), *(PEERS[name] for name in dict.fromkeys(against)))
    for module in dict.fromkeys(module for system in systems for module in system.modules):
        library(module)
    return systems


def find_system(name: str) -> System:
    """Return one system by its name. Raises ``KeyError`` and ``MissingLibraryError``."""
    return next(each for each in find_systems([] if name in OWN else [name]) if each.name == name)


def page_input(page: BenchPage) -> PageInput:
    """Return a page as the systems take it."""
    return PageInput(page.body, page.url, page.language)
