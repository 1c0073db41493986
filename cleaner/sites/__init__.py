"""What repeats across the pages of one site: sketches of pages, and templates learned from them."""

from __future__ import annotations

from cleaner.fingerprints import site_of
from cleaner.sites.learn import learn_template
from cleaner.sites.sketch import PageSketch, SiteSketch, merge, sketch_page
from cleaner.sites.store import SiteBook, write_sites
from cleaner.template import SiteTemplate, TemplateBlock

__all__ = [
    "PageSketch",
    "SiteBook",
    "SiteSketch",
    "SiteTemplate",
    "TemplateBlock",
    "learn_template",
    "merge",
    "site_of",
    "sketch_page",
    "write_sites",
]
