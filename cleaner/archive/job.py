"""What a run is asked to do, and the hash of all that shapes its rows."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.rows import Cleaning, Stamp
from cleaner.archive.schema import OPTIONAL, SCHEMA_VERSION
from cleaner.archive.sinks import FORMATS
from cleaner.archive.worker import Limits, Recipe
from cleaner.errors import OptionError
from cleaner.types import Options

LIBRARIES = ("lxml", "numpy", "py3langid", "markdown-it-py", "charset-normalizer")
WRITERS = {"parquet": "pyarrow", "jsonl.zst": "zstandard", "jsonl.gz": "zlib", "warc": "zlib"}
"""Libraries whose version may change a row, and those that write a format's bytes."""

_CUTS = ("shard_bytes", "shard_files")
"""Choices about reading that shape the files of the output, not its rows."""

AUTO = "auto"
"""Templates of sites that are learned from the inputs themselves."""

MAKE_CLEANER = "cleaner.archive.rows:make_cleaner"


@dataclass(frozen=True, slots=True)
class Job:
    """What a run is asked to do. Two runs of the same job on the same input give the same bytes."""

    inputs: tuple[str, ...]
    output: Path
    format: str = "parquet"
    """A key of ``sinks.FORMATS``."""
    asked: tuple[str, ...] = ()
    """Optional columns: ``markdown``, ``comments``, ``blocks``."""
    quarantine_format: str = "jsonl"
    raw: bool = False
    """Whether the quarantine keeps the bytes of pages."""
    options: Options = field(default_factory=Options)
    reading: InputOptions = field(default_factory=InputOptions)
    limits: Limits = field(default_factory=Limits)
    sites: str = ""
    """Templates of sites: a file that ``cleaner sites learn`` made, or ``auto``."""
    templates: str = ""
    """SHA-256 of the templates that rows are made with; a run finds it out."""
    make: str = MAKE_CLEANER
    """What workers do, as ``Recipe.make``."""

    def __post_init__(self) -> None:
        _check("format", self.format, tuple(FORMATS))
        _check("quarantine_format", self.quarantine_format, ("jsonl", "parquet"))
        for name in self.asked:
            _check("optional column", name, OPTIONAL)
        if self.limits.seconds <= 0 or self.limits.memory <= 0 or self.limits.pages < 1:
            raise OptionError("the limits of a page are numbers above 0")

    @property
    def columns(self) -> tuple[str, ...]:
        """The optional columns that rows need, in their order."""
        asked = {*self.asked, *(("markdown",) if self.format == "markdown" else ())}
        return tuple(name for name in OPTIONAL if name in asked)

    @property
    def templates_path(self) -> Path:
        """Where the templates are that the rows are made with."""
        return self.output / "sites.parquet"

    def config(self) -> dict[str, Any]:
        """Return all that shapes the rows, as JSON-ready values.

        Raises ``ModelError`` if there is no such model.
        """
        return {
            "schema_version": SCHEMA_VERSION,
            "cleaner_version": cleaner_version(),
            "code": code_digest(),
            "libraries": {name: _version(name) for name in LIBRARIES} | _libxml2(),
            "model_digest": _model_digest(self.options.model),
            "options": _chosen(self.options),
            "templates": self.templates,
            "columns": list(self.columns),
            "reading": {k: v for k, v in _reading(self.reading).items() if k not in _CUTS},
            "limits": {"seconds": self.limits.seconds, "memory": self.limits.memory},
            "make": self.make,
        }

    def identity(self) -> dict[str, Any]:
        """Return all that must stay the same for a run to go on: inputs, rows, their writing."""
        writers = {WRITERS[name] for name in self._formats() if name in WRITERS}
        return {
            "inputs": list(self.inputs),
            "format": self.format,
            "quarantine_format": self.quarantine_format,
            "raw": self.raw,
            "cuts": {k: v for k, v in _reading(self.reading).items() if k in _CUTS},
            "writers": {name: _version(name) for name in sorted(writers)},
            **self.config(),
            # What ``auto`` learns is not known when a run begins; the marks of its shards have it.
            **({"templates": AUTO} if self.sites == AUTO else {}),
        }

    def stamp(self) -> Stamp:
        """Return what each row says of how it was made."""
        return Stamp(cleaner_version(), digest_of(self.config())[:16])

    def recipe(self) -> Recipe:
        """Return what workers do."""
        sites = str(self.templates_path) if self.templates else ""
        return Recipe(self.make, Cleaning(self.options, self.columns, self.stamp(), sites))

    def _formats(self) -> tuple[str, ...]:
        return self.format, self.quarantine_format


def digest_of(value: Any) -> str:
    """Return the SHA-256 of JSON-ready values, whatever the order of their names."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def cleaner_version() -> str:
    """Return the package's version."""
    from cleaner import __version__

    return __version__


@cache
def code_digest() -> str:
    """Return a hash of the package's code, tables and weights: a version may be under work."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _check(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise OptionError(f"{what} is {value!r}, not one of {', '.join(known)}")


def _chosen(options: Options) -> dict[str, Any]:
    """Return choices about cleaning as JSON has them: of a template, its id."""
    names = (f.name for f in fields(options) if f.name != "site")
    chosen = {name: getattr(options, name) for name in names}
    return {**chosen, "site": options.site.id if options.site else ""}


def _reading(options: InputOptions) -> dict[str, Any]:
    """Return the choices about reading as JSON has them: a tuple comes back as a list."""
    values = {f.name: getattr(options, f.name) for f in fields(options)}
    table: dict[str, Any] = json.loads(json.dumps(values, default=dict))
    return table


def _version(name: str) -> str:
    if name == "zlib":
        return zlib.ZLIB_RUNTIME_VERSION
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _libxml2() -> dict[str, str]:
    from lxml import etree

    return {"libxml2": ".".join(map(str, etree.LIBXML_VERSION))}


def _model_digest(name: str) -> str:
    from cleaner.model import load_model

    return digest_of(dict(load_model(name).config))
