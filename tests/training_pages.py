"""Small labelled sets of invented pages, and a recipe that learns from them in no time."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RECIPE: dict[str, Any] = {
    "sets": {
        "tales": {"weight": 1.0, "captures": 1},
        "hints": {"weight": 0.5, "captures": 0},
    },
    "rows": {
        "power": 0.6,
        "most_words": 300,
        "per_page": 130,
        "per_capture": 65,
        "capture_weight": 0.35,
        "known": 4,
    },
    "odds": {
        "prior": 1.0,
        "least": {"words": 1, "texts": 1, "names": 1},
        "weakest": 0.01,
    },
    "folds": {"count": 2},
    "catboost": {
        "loss_function": "CrossEntropy",
        "depth": 3,
        "learning_rate": 0.3,
        "border_count": 8,
        "bootstrap_type": "Bernoulli",
        "subsample": 0.8,
        "random_seed": 1,
        "iterations": {"first": 6, "second": 5},
    },
}

TREES = "alder birch cedar elder hazel larch maple rowan".split()
"""A word that is on the pages of one domain alone; a domain each."""


def domain_of(tree: str) -> str:
    return f"{tree}-village.com"


def main_text(tree: str) -> list[str]:
    """Return the paragraphs of the article of a page."""
    return [
        f"The {tree} by the mill was felled on Monday, after a storm had split it to the root.",
        f"Children of the village kept a slice of the {tree} and counted eighty rings on it.",
        "The miller will plant another one in the spring, a little further from the roof.",
    ]


def page_source(tree: str) -> str:
    """Return the HTML of a page: a menu, an article, teasers and a footer."""
    paragraphs = "".join(f"<p>{text}</p>" for text in main_text(tree))
    return (
        f"<!DOCTYPE html><html lang=en><head><title>The {tree} is gone</title></head><body>"
        f"<nav class=menu><a href=/>Home</a> <a href=/{tree}>All about {tree}</a></nav>"
        f"<main class=story-body><h1>The {tree} is gone</h1>{paragraphs}</main>"
        "<aside class=teasers><h2>Read next</h2><p><a href=/1>Ten ponds worth a detour</a></p>"
        "<p><a href=/2>Where the geese sleep</a></p></aside>"
        "<footer class=foot><p>All rights reserved by the village paper</p></footer></body></html>"
    )


def text_record(tree: str) -> dict[str, object]:
    """Return the truth of a page as its main text."""
    return {
        "id": tree,
        "url": f"https://www.{domain_of(tree)}/gone",
        "text": "\n".join([f"The {tree} is gone", *main_text(tree)]),
    }


def snippet_record(tree: str) -> dict[str, object]:
    """Return the truth of a page as snippets."""
    return {
        "id": tree,
        "url": f"https://www.{domain_of(tree)}/gone",
        "present": [
            f"the {tree} and counted eighty rings on it",
            "The miller will plant another one",
        ],
        "absent": ["Where the geese sleep", "rights reserved"],
    }


def write_set(
    folder: Path,
    name: str,
    records: Sequence[Mapping[str, object]],
    pages: Mapping[str, str] | None = None,
) -> Path:
    """Write a labelled set; the pages of records that ``pages`` lacks are made of their id."""
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("truth.jsonl", "".join(json.dumps(record) + "\n" for record in records))
        for record in records:
            tree = str(record["id"])
            archive.writestr(f"html/{tree}.html", (pages or {}).get(tree, page_source(tree)))
    return path
