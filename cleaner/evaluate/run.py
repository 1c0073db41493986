"""Run every system on every page of the sets, in turn, and time it.

The pages of a set are cut into chunks, so that several processes can share the work. A
chunk opens its zip once, and its result depends on nothing outside of it, so the scores
are the same for any number of processes.
"""

from __future__ import annotations

import contextlib
import logging
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from cleaner.errors import WorkerError
from cleaner.evaluate.captures import CONVERTERS, HTML, capture_text
from cleaner.evaluate.faults import excerpt, text_faults
from cleaner.evaluate.folds import Folds
from cleaner.evaluate.meta import outcomes
from cleaner.evaluate.peers import (
    BY_PAGE,
    METADATA_PEERS,
    OUR_SYSTEM,
    TEXT_PEERS,
    Extraction,
    PageInput,
    System,
    library,
)
from cleaner.evaluate.results import MetadataResult, PageResult, SetResult, TextResult
from cleaner.evaluate.score import Score, snippet_faults, snippet_score, word_score
from cleaner.evaluate.sets import LabelledSet, Record, ScoreKind, read_body
from cleaner.evaluate.templates import learn_templates, of_sites
from cleaner.fingerprints import site_of
from cleaner.model import DEFAULT, load_model
from cleaner.template import SiteTemplate

CHUNK = 8
"""Pages that a process takes at a time: few enough to share the work evenly."""

WARM_UP = PageInput(
    b"<html><head><title>A page to begin with</title></head><body><h1>A page to begin with</h1>"
    b"<p>By Ada Miller, March 3, 2021</p><p>What a system loads on its first page is loaded with "
    b"this one: the tables of months and names, and the model that tells a language from text "
    b"that is long enough for it.</p><p>Two paragraphs are enough for that.</p></body></html>"
)
"""A page that a system loads all its libraries and tables for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What runs beside our system, and on which capture of a page."""

    text_peers: tuple[str, ...] = ()
    """Names of ``TEXT_PEERS``."""
    metadata_peers: tuple[str, ...] = ()
    """Names of ``METADATA_PEERS``."""
    capture: str = HTML
    metadata: bool = False
    """Score metadata also for sets that are scored by their text."""
    focus: str = "balanced"
    """What our system cares for."""
    folds: Folds | None = None
    """Models that have not seen a page's domain; ``None`` for the one that ships."""
    sites: bool = False
    """Clean pages with the templates of their sites, and without beside; other pages are left
    out."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some pages of a set, for one process."""

    labelled: LabelledSet
    """The set with the records of these pages alone."""
    first: int
    """Position of the first page in the whole set: it says which system's turn it is."""
    templates: Mapping[str, SiteTemplate] = field(default_factory=dict)
    """Those of the pages' sites, by site."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One system on one page."""

    system: System
    extraction: Extraction
    seconds: float
    error: str


def require(plan: Plan) -> None:
    """Import what a plan needs from outside; raises ``MissingLibraryError``."""
    systems = [TEXT_PEERS[name] for name in plan.text_peers]
    systems += [METADATA_PEERS[name] for name in plan.metadata_peers]
    modules = ["numpy", *(module for system in systems for module in system.modules)]
    if plan.folds:
        modules.append("tldextract")
    if plan.capture != HTML:
        modules += CONVERTERS[plan.capture].modules
    for module in dict.fromkeys(modules):
        library(module)


def evaluate_sets(
    sets: Sequence[LabelledSet],
    plan: Plan,
    *,
    jobs: int = 1,
    advance: Callable[[int], None] = lambda pages: None,
) -> tuple[SetResult, ...]:
    """Return the results of each set's pages, in order; ``advance`` hears of pages done.

    With ``plan.sites`` sets without a site of several pages are left out, and so are all pages of
    other sites. Raises ``MissingLibraryError``, ``LabelledSetError`` where a page cannot be read
    from its zip, and ``WorkerError``.
    """
    require(plan)
    templates = [learn_templates(each, plan.capture) if plan.sites else {} for each in sets]
    if plan.sites:
        sets = [of_sites(each, known) for each, known in zip(sets, templates, strict=True)]
    chunks = [
        _chunk(labelled, first, known)
        for labelled, known in zip(sets, templates, strict=True)
        for first in range(0, len(labelled.records), CHUNK)
    ]
    pages: list[PageResult] = []
    for chunk_pages in _run_chunks(chunks, plan, jobs):
        pages.extend(chunk_pages)
        advance(len(chunk_pages))
    results: list[SetResult] = []
    start = 0
    for labelled in sets:
        end = start + len(labelled.records)
        results.append(SetResult(labelled, tuple(pages[start:end])))
        start = end
    return tuple(result for result in results if result.pages)


def _chunk(labelled: LabelledSet, first: int, templates: Mapping[str, SiteTemplate]) -> _Chunk:
    part = replace(labelled, records=labelled.records[first : first + CHUNK])
    sites = {site_of(record.url) for record in part.records} if templates else set()
    return _Chunk(part, first, {site: templates[site] for site in sorted(sites)})


def _run_chunks(
    chunks: Sequence[_Chunk], plan: Plan, jobs: int
) -> Iterator[tuple[PageResult, ...]]:
    """Yield the results of the chunks in order, from one process or several."""
    run = partial(_run_chunk, plan)
    if jobs == 1:
        yield from map(run, chunks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(run, chunks)
        except BrokenProcessPool as error:
            raise WorkerError("a process died; with one job the page that did it shows") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _run_chunk(plan: Plan, chunk: _Chunk) -> tuple[PageResult, ...]:
    """Run all systems on the pages of a chunk."""
    labelled = chunk.labelled
    systems = _systems(plan, labelled)
    _warm_up(systems, plan.folds)
    pages: list[PageResult] = []
    with zipfile.ZipFile(labelled.path) as archive:
        for position, record in enumerate(labelled.records, start=chunk.first):
            body = read_body(archive, record)
            site = chunk.templates.get(site_of(record.url))
            pages.append(_run_page(plan, labelled, record, body, systems, position, site))
    return tuple(pages)


def _systems(plan: Plan, labelled: LabelledSet) -> list[System]:
    """Return the systems that run on a set: those that give what it is scored by."""
    systems = [OUR_SYSTEM, BY_PAGE] if plan.sites else [OUR_SYSTEM]
    if labelled.kind is not ScoreKind.METADATA:
        systems += [TEXT_PEERS[name] for name in plan.text_peers]
    peers = [METADATA_PEERS[name] for name in plan.metadata_peers]
    return systems + [peer for peer in peers if _scored_fields(plan, labelled, peer)]


def _scored_fields(plan: Plan, labelled: LabelledSet, system: System) -> tuple[str, ...]:
    """Return the metadata fields by which a system is scored on a set."""
    if not plan.metadata and labelled.kind is not ScoreKind.METADATA:
        return ()
    return tuple(field for field in system.fields if field in labelled.fields)


def _warm_up(systems: Sequence[System], folds: Folds | None) -> None:
    """Load what the systems load on their first page, so that no page is charged with it."""
    for path in folds.models if folds else ():
        load_model(path)
    for system in systems:
        _attempt(system, WARM_UP)


def _run_page(
    plan: Plan,
    labelled: LabelledSet,
    record: Record,
    body: bytes,
    systems: Sequence[System],
    position: int,
    site: SiteTemplate | None,
) -> PageResult:
    """Run the systems on a page and score them; the one that goes first changes by page."""
    model = plan.folds.model_for(record.url, record.id) if plan.folds else DEFAULT
    page = PageInput(body, record.url, record.language, model=model, focus=plan.focus, site=site)
    if plan.capture != HTML:
        try:
            with quiet():
                text = capture_text(plan.capture, body)
        except Exception as error:
            return PageResult(record, capture_error=describe(error))
        page = replace(page, body=text, media_type=CONVERTERS[plan.capture].media_type)
    turn = position % len(systems)
    late = [_attempt(system, page) for system in systems[turn:]]
    early = [_attempt(system, page) for system in systems[:turn]]
    return _score_page(plan, labelled, record, early + late)


def _score_page(
    plan: Plan, labelled: LabelledSet, record: Record, attempts: Sequence[_Attempt]
) -> PageResult:
    """Score what the systems gave for a page, our system's attempt first."""
    texts: list[TextResult] = []
    metadata: list[MetadataResult] = []
    for attempt in attempts:
        system, found = attempt.system, attempt.extraction.metadata or {}
        if system.gives_text and labelled.kind is not ScoreKind.METADATA:
            score = _text_score(labelled.kind, record, attempt.extraction.text)
            texts.append(TextResult(system.name, score, attempt.seconds, attempt.error))
        if fields := _scored_fields(plan, labelled, system):
            results = outcomes(found, record.metadata or {}, fields)
            metadata.append(
                MetadataResult(system.name, found, results, attempt.seconds, attempt.error)
            )
    missed, extra = _faults(labelled.kind, record, attempts[0].extraction.text)
    return PageResult(record, tuple(texts), tuple(metadata), missed, extra)


def _text_score(kind: ScoreKind, record: Record, text: str) -> Score:
    if kind is ScoreKind.WORDS:
        return word_score(text, record.text or "")
    return snippet_score(text, record.present, record.absent)


def _faults(kind: ScoreKind, record: Record, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return excerpts of what a text missed, and of what it let in."""
    if kind is ScoreKind.WORDS:
        return text_faults(text, record.text or "")
    if kind is ScoreKind.SNIPPETS:
        missed, extra = snippet_faults(text, record.present, record.absent)
        return tuple(map(excerpt, missed)), tuple(map(excerpt, extra))
    return (), ()


def _attempt(system: System, page: PageInput) -> _Attempt:
    """Run a system on a page and time it; whatever it raises is a result, not an end."""
    error = ""
    with contextlib.nullcontext() if system is OUR_SYSTEM else quiet():
        start = time.perf_counter()
        try:
            extraction = system.extract(page)
        except Exception as raised:
            extraction, error = Extraction(), describe(raised)
        seconds = time.perf_counter() - start
    return _Attempt(system, extraction, seconds, error)


def describe(error: Exception) -> str:
    """Return the name of an exception and the start of its message."""
    return excerpt(f"{type(error).__name__}: {error}")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the log and the warnings of other libraries off the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
