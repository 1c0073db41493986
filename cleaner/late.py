"""Names of a package that are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Any


def late_name(package: str, modules: Sequence[str], names: Collection[str], name: str) -> Any:
    """Return what ``name`` stands for in the first of a package's modules that has it.

    For a package's ``__getattr__``: raises ``AttributeError`` if it is none of ``names``.
    """
    if name in names:
        for module in modules:
            found = vars(import_module(f"{package}.{module}"))
            if name in found:
                return found[name]
    raise AttributeError(f"module {package!r} has no attribute {name!r}")
