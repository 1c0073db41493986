"""Models that have not seen a page's domain, so that a page never scores what was learned from it.

``cleaner train --folds`` writes a model for each fold of registered domains: ``DIR/fold-0`` and so
on, each trained on the pages of the other folds.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cleaner.errors import ModelError
from cleaner.evaluate.peers import library


@lru_cache(maxsize=1 << 16)
def registered_domain(url: str | None, identifier: str) -> str:
    """Return the domain that a page's site is registered under; its own id if it has none.

    Raises ``MissingLibraryError``.
    """
    found = _extractor()((url or "").lower())
    domain: str = found.top_domain_under_public_suffix or found.domain
    return domain or f"page:{identifier}"


@cache
def _extractor() -> Any:
    """Return what splits a host by the list of suffixes that comes with the library, offline."""
    return library("tldextract").TLDExtract(suffix_list_urls=(), cache_dir=None)


def fold_of(domain: str, folds: int) -> int:
    """Return the fold (0..folds-1) of a domain: the same on every machine."""
    return int(hashlib.md5(domain.encode(), usedforsecurity=False).hexdigest(), 16) % folds


@dataclass(frozen=True, slots=True)
class Folds:
    """A folder of fold models."""

    folder: Path
    count: int

    @property
    def models(self) -> tuple[str, ...]:
        """The paths of all models."""
        return tuple(str(self.folder.absolute() / f"fold-{n}") for n in range(self.count))

    def model_for(self, url: str | None, identifier: str) -> str:
        """Return the path of the model that has not seen a page's domain."""
        return self.models[fold_of(registered_domain(url, identifier), self.count)]


def read_folds(folder: Path) -> Folds:
    """Return the fold models of a folder. Raises ``ModelError``."""
    try:
        config = json.loads((folder / "fold-0" / "config.json").read_text(encoding="utf-8"))
        count = int(config["folds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder}: no fold models: {error}") from error
    missing = [n for n in range(count) if not (folder / f"fold-{n}" / "config.json").exists()]
    if missing:
        raise ModelError(f"{folder}: no model for fold {missing[0]}")
    return Folds(folder, count)
