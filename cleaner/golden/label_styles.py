"""How each label is shown: its letter, its colours, the line under its text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from cleaner.golden.assets import asset
from cleaner.types import LabelName


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """A row of ``assets/labels.toml``."""

    name: LabelName
    key: str
    """The letter beside a block, and the key that sets the label in the review."""
    group: str
    """``article``, ``beside`` or ``dropped``."""
    light: str
    dark: str
    says: str


@cache
def label_styles() -> tuple[LabelStyle, ...]:
    """Return how each label is shown, in the order of ``LabelName``."""
    rows = tomllib.loads(asset("labels.toml"))
    return tuple(LabelStyle(name, **rows[name.value]) for name in LabelName)


@cache
def frame_styles() -> str:
    """Return the rules that colour a captured page, which is shown on white."""
    return "".join(
        f"cleaner-mark.{style.name.value}{{--ink:{style.light}!important}}"
        f'cleaner-mark.{style.name.value}[data-first]::before{{content:"{style.key.upper()}"'
        "!important}" + _line(style)
        for style in label_styles()
    )


@cache
def page_styles() -> str:
    """Return the rules that set each label's colour in the view around the captured page."""
    light = "".join(f".{s.name.value}{{--ink:{s.light}}}" for s in label_styles())
    dark = "".join(f".{s.name.value}{{--ink:{s.dark}}}" for s in label_styles())
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"


def _line(style: LabelStyle) -> str:
    line = {"article": "solid", "beside": "dashed", "dropped": "dotted"}[style.group]
    return f"cleaner-mark.{style.name.value}{{--line:{line}!important}}"
