"""Templates of the sites that have several pages in a labelled set.

They are learned from all pages of a site, and used on each: a template leaves the page at hand out
of its counts.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaner.capture import read_capture
from cleaner.errors import CaptureError
from cleaner.evaluate.captures import CONVERTERS, HTML, capture_text
from cleaner.evaluate.sets import LabelledSet, Record, read_body
from cleaner.fingerprints import site_of
from cleaner.sites import SiteTemplate, learn_template
from cleaner.sites.gather import Gatherer
from cleaner.sites.learn import LEAST_PAGES
from cleaner.types import Capture


def learn_templates(labelled: LabelledSet, capture: str = HTML) -> dict[str, SiteTemplate]:
    """Return the templates of a set's sites, learned from its pages or text captures of them.

    A page that cannot be read or converted is left out. Raises ``LabelledSetError``.
    """
    counts = Counter(site_of(record.url) for record in labelled.records)
    with TemporaryDirectory(prefix="cleaner-sites-") as folder:
        gatherer = Gatherer(Path(folder))
        with zipfile.ZipFile(labelled.path) as archive:
            for record in labelled.records:
                if counts[site_of(record.url)] >= LEAST_PAGES:
                    found = _read(read_body(archive, record), record, capture)
                    if found is not None:
                        gatherer.add(found)
        templates = map(learn_template, gatherer.sketches())
        return {template.site: template for template in templates if template}


def _read(body: bytes, record: Record, capture: str) -> Capture | None:
    try:
        if capture == HTML:
            return read_capture(body, url=record.url)
        text = capture_text(capture, body)
        return read_capture(text, url=record.url, media_type=CONVERTERS[capture].media_type)
    except CaptureError:
        return None
    except Exception:  # a converter may raise anything
        if capture == HTML:
            raise
        return None


def of_sites(labelled: LabelledSet, templates: Mapping[str, SiteTemplate]) -> LabelledSet:
    """Return the set with the pages of those sites alone."""
    records = tuple(record for record in labelled.records if site_of(record.url) in templates)
    return replace(labelled, records=records)
