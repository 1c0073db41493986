"""The weights of what a site's template says, fitted to sites with several labelled pages.

The model's trees never saw a template. Its log-odds, from the fold model that has not seen the
page's domain, stand fixed; a logistic regression without intercept finds what the columns of
``cleaner.evidence`` add to them. A page's template never counts the page itself.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import CleanerError
from cleaner.evaluate.captures import HTML
from cleaner.evaluate.folds import Folds, fold_of, registered_domain
from cleaner.evaluate.progress import Begin, unheard
from cleaner.evaluate.score import word_score
from cleaner.evaluate.sets import LabelledSet, Record, ScoreKind, read_body
from cleaner.evaluate.templates import learn_templates, of_sites
from cleaner.evidence import evidence_columns, log_odds
from cleaner.features.arrays import probabilities
from cleaner.fingerprints import site_of
from cleaner.labels import FOCUS, choose, find_title
from cleaner.model import load_model
from cleaner.template import SiteTemplate
from cleaner.train.align import align_text
from cleaner.train.samples import read_page, settle_copies
from cleaner.types import Page

Floats = NDArray[np.float64]

STEPS = 50
"""Newton steps at most; a handful is enough."""

CLOSE = 1e-9
"""A step smaller than this is the last."""


class SiteTrainingError(CleanerError):
    """There are too few sites with several labelled pages."""


@dataclass(frozen=True)
class SiteSample:
    """A labelled page of a site that has a template."""

    set: str
    domain: str
    siblings: int
    """Labelled pages of the site."""
    page: Page
    truth: str
    logits: Floats
    """(blocks,): the model's, by this page alone."""
    columns: Floats
    """(columns, blocks)"""
    targets: Floats
    """(blocks,): share of the words that are main text; 0 where unknown."""
    rates: Floats
    """(blocks,): what each block weighs; 0 where unknown, 1 over the page."""
    words: Floats


@dataclass(frozen=True, slots=True)
class Gain:
    """What templates change on the pages of a set, with weights that saw none of its domain."""

    pages: int
    without: float
    """Mean word F1 of the chosen blocks (0..1), without templates."""
    given: float
    """The same with them."""
    loss_without: float
    """Mean log loss of a page's blocks."""
    loss_given: float


def read_site_samples(
    sets: Sequence[LabelledSet], folds: Folds, power: float, begin: Begin = unheard
) -> tuple[tuple[str, ...], list[SiteSample]]:
    """Return the names of the columns, and a sample of each page of the sites with a template."""
    scored = [labelled for labelled in sets if labelled.kind is ScoreKind.WORDS]
    advance = begin("reading sites", sum(len(labelled.records) for labelled in scored))
    names: tuple[str, ...] = ()
    samples: list[SiteSample] = []
    for labelled in scored:
        templates = learn_templates(labelled)
        with zipfile.ZipFile(labelled.path) as archive:
            for record in of_sites(labelled, templates).records:
                template = templates[site_of(record.url)]
                page = read_page(read_body(archive, record), record, HTML)
                names, sample = _sample(labelled.name, record, page, template, folds, power)
                samples.append(sample)
        advance(len(labelled.records))
    return names, samples


def _sample(
    name: str, record: Record, page: Page, template: SiteTemplate, folds: Folds, power: float
) -> tuple[tuple[str, ...], SiteSample]:
    title = find_title(page)
    matrix, likely = load_model(folds.model_for(record.url, record.id)).judge(page, title)
    logits = log_odds(likely)
    sightings = template.sightings(page)
    columns = evidence_columns(page, logits, sightings)
    truth = record.text or ""
    targets = settle_copies(page, align_text([block.text for block in page.blocks], truth))
    known = ~np.isnan(targets) & np.array([each is not None for each in sightings])
    known[[title] if title >= 0 else []] = False
    words = matrix.arrays.characters.words.astype(np.float64)
    rates = np.where(known, (words + 2) ** power, 0)
    return tuple(columns), SiteSample(
        set=name,
        domain=registered_domain(record.url, record.id),
        siblings=template.pages,
        page=page,
        truth=truth,
        logits=logits.astype(np.float64),
        columns=np.array(list(columns.values()), dtype=np.float64),
        targets=np.nan_to_num(targets).astype(np.float64),
        rates=rates / max(float(rates.sum()), 1.0),
        words=words,
    )


def fit_weights(samples: Sequence[SiteSample], penalty: float) -> Floats:
    """Return the weight of each column (columns,), by Newton's method.

    A page weighs less the more pages of its site there are, by the square root. ``penalty`` pulls
    the weights towards 0. Raises ``SiteTrainingError`` without samples.
    """
    if not samples:
        raise SiteTrainingError("no site with three labelled pages or more")
    values = np.concatenate([sample.columns for sample in samples], axis=1)
    logits = np.concatenate([sample.logits for sample in samples])
    targets = np.concatenate([sample.targets for sample in samples])
    rates = np.concatenate([100 * s.rates / sqrt(s.siblings) for s in samples])
    weights: Floats = np.zeros(len(values))
    for _ in range(STEPS):
        likely = probabilities(logits + weights @ values)
        slope = values @ (rates * (likely - targets)) + penalty * weights
        bend = (values * (rates * likely * (1 - likely))) @ values.T
        step = np.linalg.solve(bend + penalty * np.eye(len(values)), slope)
        weights = weights - step
        if np.abs(step).max() < CLOSE:
            break
    return weights


def cross_validate(samples: Sequence[SiteSample], penalty: float, folds: int) -> Mapping[str, Gain]:
    """Return for each set what templates change, each page with weights blind to its domain.

    Where all sites are of one fold there is nothing to learn from, and nothing changes.
    """
    rows: dict[str, list[tuple[float, float, float, float]]] = {}
    for fold in range(folds):
        seen = [s for s in samples if fold_of(s.domain, folds) != fold]
        unseen = [s for s in samples if fold_of(s.domain, folds) == fold]
        weights = fit_weights(seen, penalty) if seen else None
        for sample in unseen:
            shifts = 0.0 if weights is None else weights @ sample.columns
            moved = sample.logits + shifts
            row = (_f1(sample, sample.logits), _f1(sample, moved))
            losses = (_loss(sample, sample.logits), _loss(sample, moved))
            rows.setdefault(sample.set, []).append((*row, *losses))
    return {
        name: Gain(len(found), *np.mean(found, axis=0).tolist())
        for name, found in sorted(rows.items())
    }


def _f1(sample: SiteSample, logits: Floats) -> float:
    """Return the word F1 (0..1) of the blocks that are chosen by their log-odds alone."""
    chosen, _ = choose(probabilities(logits), sample.words, FOCUS["balanced"])
    title = find_title(sample.page)
    chosen[[title] if title >= 0 else []] = False
    texts = [block.text for block in sample.page.blocks if chosen[block.index]]
    return word_score("\n".join(texts), sample.truth).f1


def _loss(sample: SiteSample, logits: Floats) -> float:
    loss = np.logaddexp(0, logits) - sample.targets * logits
    return float(sample.rates @ loss)
