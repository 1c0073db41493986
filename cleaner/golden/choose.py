"""Which cases a command is about: folders, names, or what pytest is set to."""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from cleaner.golden.cases import CaseError, find_cases, find_orphans

DEFAULT_FOLDER = "golden"
"""Where cases are if nothing says otherwise."""

_INI_FILES = (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))


def case_folders(start: Path | None = None) -> list[Path]:
    """Return the folders of a project's cases: ``golden_paths`` of its pytest, or ``golden``.

    The settings are those of the nearest folder, from ``start`` (here, if not given) upwards,
    that says where they are. Raises ``CaseError`` for a broken file.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        found = _golden_paths(folder)
        if found:
            return [_shortened(folder / name) for name in found]
    return [Path(DEFAULT_FOLDER)]


def choose_cases(names: Sequence[str]) -> list[Path]:
    """Return the cases' folders that names stand for, each once.

    A name is a folder of cases or a case's folder, or the name of a case of this project's, in
    which ``*`` stands for anything. No name stands for all of this project's. Raises ``CaseError``
    if a name stands for none.
    """
    chosen: dict[Path, None] = {}
    for name in names or map(str, case_folders()):
        found = find_cases(Path(name)) if Path(name).is_dir() else _named(name)
        if not found:
            hint = "" if names else ": `cleaner golden add PAGE` makes one"
            raise CaseError(f"{name}: there is no such case, and no case in it{hint}")
        chosen.update(dict.fromkeys(found))
    return list(chosen)


def find_left_over(names: Sequence[str]) -> list[Path]:
    """Return the expectations that belong to no case, in the folders that names stand for."""
    folders = [Path(name) for name in names] or case_folders()
    return [path for folder in folders if folder.is_dir() for path in find_orphans(folder)]


def shown_name(folder: Path) -> str:
    """Return a case's folder as a command shows it: below here, or below its project's folder."""
    for base in (*case_folders(), Path.cwd()):
        if folder.resolve().is_relative_to(base.resolve()):
            name = folder.resolve().relative_to(base.resolve()).as_posix()
            return folder.name if name == "." else name
    return folder.as_posix()


def _named(name: str) -> list[Path]:
    return [
        path
        for folder in case_folders()
        for path in find_cases(folder)
        if fnmatchcase(path.relative_to(folder).as_posix(), name) or fnmatchcase(path.name, name)
    ]


def _golden_paths(folder: Path) -> list[str]:
    path = folder / "pyproject.toml"
    try:
        if path.is_file():
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            options = table.get("tool", {}).get("pytest", {}).get("ini_options", {})
            value = options.get("golden_paths")
            if value:
                return value.split() if isinstance(value, str) else [str(name) for name in value]
        for name, section in _INI_FILES:
            path = folder / name
            if path.is_file():
                parser = configparser.ConfigParser(interpolation=None)
                parser.read_string(path.read_text(encoding="utf-8"))
                value = parser.get(section, "golden_paths", fallback="")
                if value:
                    return str(value).split()
    except (OSError, ValueError, AttributeError, configparser.Error) as error:
        raise CaseError(f"{path}: {error}") from error
    return []


def _shortened(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
