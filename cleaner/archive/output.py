"""The output folder: what a run has committed, and what it must not be mixed with.

::

    OUT/data/part-000012.parquet      rows of shard 12
    OUT/quarantine/part-000012.jsonl  what of it could not be cleaned
    OUT/times/part-000012.jsonl       how long each page took: the one part that differs each time
    OUT/sites.parquet                 templates of sites, if any were asked for
    OUT/state/run.json                what was asked for
    OUT/state/shards/000012.json      written last: shard 12 is complete
    OUT/state/tmp/                    files under way
    OUT/report.html
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cleaner.archive.job import Job, digest_of
from cleaner.archive.records import Shard
from cleaner.archive.sinks import FORMATS, sync_folder
from cleaner.errors import OutputError

KINDS = ("data", "quarantine", "times")
OWN = (*KINDS, "state", "report.html", "sites.parquet")
"""All that a run makes in its output folder."""

_EDGE = 64 << 10  # bytes of a file's head and tail that are hashed


class Output:
    """An output folder that belongs to a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.root = job.output
        self.state = job.output / "state"
        self.shards = self.state / "shards"
        self.temporary = self.state / "tmp"
        self.sketches = self.state / "sketches"
        self.learned = self.state / "sites.json"
        self._run = digest_of([job.identity(), job.templates])

    def check(self) -> None:
        """Raise ``OutputError`` if the folder holds something else than an output, or is input."""
        root = self.root.resolve()
        for name in self.job.inputs:
            if Path(name).is_dir() and root.is_relative_to(Path(name).resolve()):
                raise OutputError(
                    f"{self.root} lies in the input {name}, and its rows would be read as pages; "
                    "name a folder elsewhere"
                )
        if self.root.is_dir() and not (self.state / "run.json").exists():
            others = sorted(p.name for p in self.root.iterdir() if p.name != "state")
            if others:
                raise OutputError(
                    f"{self.root} is not empty ({others[0]}, ...) and no output of this command"
                )

    def prepare(self, *, fresh: bool = False) -> None:
        """Make the folders, or find them as this job left them; the lock is held.

        With ``fresh``, what an earlier run left is removed first. Raises ``OutputError`` if the
        folder is another job's, and ``OSError``.
        """
        if fresh:
            self.remove()
        self.temporary.mkdir(parents=True, exist_ok=True)
        self._claim()
        for folder in (*(self.root / kind for kind in KINDS), self.shards):
            folder.mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        """Remove all that earlier runs made; the claim last, so that it can be done again."""
        for name in (*KINDS, "report.html", "sites.parquet"):
            _remove(self.root / name)
        for path in (
            self.shards,
            self.learned,
            self.sketches,
            self.temporary,
            self.state / "plan.json",
            self.state / "run.json",
        ):
            _remove(path)

    @contextlib.contextmanager
    def lock(self, part: tuple[int, int] = (0, 1)) -> Iterator[None]:
        """Hold the part of the output that this run writes. Raises ``OutputError`` if another does.

        The parts of one run go side by side, and none beside a run of the whole. The system lets
        go of the lock when the process ends, however it ends.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        whole = part[1] == 1
        with contextlib.ExitStack() as stack:
            self._take(stack, "lock", fcntl.LOCK_EX if whole else fcntl.LOCK_SH)
            if not whole:
                self._take(stack, f"lock-{part[0]}-of-{part[1]}", fcntl.LOCK_EX)
            self._sweep(all_=whole)
            yield

    def _take(self, stack: contextlib.ExitStack, name: str, kind: int) -> None:
        file = stack.enter_context((self.state / name).open("a+"))
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(f"another run is writing {self.root}") from None
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
                raise
            # A file system without locks: commits are the same bytes whoever makes them.

    def _sweep(self, *, all_: bool) -> None:
        """Remove files under way of runs that were killed: all of them, or this machine's."""
        if self.temporary.is_dir():
            for path in self.temporary.iterdir():
                if all_ or _is_orphan(path.name):
                    _remove(path)

    def write_plan(self, shards: int) -> None:
        """Write down how many shards there are, for those who ask how far it is."""
        write_json(self.state / "plan.json", {"shards": shards}, self.temporary)

    def path(self, kind: str, index: int) -> Path:
        """Return the final place of a shard's rows, quarantine or times."""
        return self.root / kind / f"part-{index:06d}{self.suffix(kind)}"

    def suffix(self, kind: str) -> str:
        """Return the suffix of a kind's files."""
        names = {"data": self.job.format, "quarantine": self.job.quarantine_format}
        return FORMATS[names.get(kind, "jsonl")]

    def temporary_path(self, kind: str, index: int) -> Path:
        """Return a place for a file under way that no other process has."""
        return self.temporary / f"part-{index:06d}.{kind}{_owner()}"

    def key(self, shard: Shard) -> str:
        """Return what tells whether a shard's results are still those of its input and job."""
        prints = [fingerprint(Path(name)) for name in shard.files]
        return digest_of([self._run, asdict(shard), prints])

    def committed(self, index: int) -> dict[str, Any] | None:
        """Return the manifest's row of a shard, if there is one that can be read."""
        try:
            row = json.loads((self.shards / f"{index:06d}.json").read_bytes())
        except (OSError, ValueError):
            return None
        return row if isinstance(row, dict) and row.get("index") == index else None

    def marked(self) -> list[int]:
        """Return the numbers of the shards that have a mark, in order."""
        return sorted(int(p.stem) for p in self.shards.glob("*.json") if p.stem.isdigit())

    def all_committed(self, part: tuple[int, int] = (0, 1)) -> list[dict[str, Any]]:
        """Return the manifest's rows of a part's shards, in their order."""
        mine = (index for index in self.marked() if index % part[1] == part[0])
        return [row for row in map(self.committed, mine) if row]

    def is_done(self, shard: Shard, row: Mapping[str, Any]) -> bool:
        """Return whether a manifest's row is of this input, with all its files in place."""
        if row["key"] != self.key(shard):
            return False
        return all(_size(self.path(k, shard.index)) == size for k, size in row["sizes"].items())

    def withdraw(self, index: int) -> None:
        """Remove what is there of a shard that is to be done: its mark first."""
        mark = self.shards / f"{index:06d}.json"
        if mark.exists():
            mark.unlink()
            sync_folder(self.shards)
        for kind in KINDS:
            _remove(self.path(kind, index))

    def discard(self, path: Path) -> None:
        """Remove a file or folder under way, if it is there."""
        _remove(path)

    def commit(self, index: int, files: Mapping[str, Path], row: Mapping[str, Any]) -> None:
        """Put a shard's files, already on the disk, in their places, and its mark last."""
        for kind in KINDS:
            final = self.path(kind, index)
            if kind not in files or files[kind].is_dir():
                _remove(final)
            if kind in files:
                _replace(files[kind], final)
            sync_folder(final.parent)
        sizes = {kind: _size(self.path(kind, index)) for kind in KINDS if kind != "times"}
        write_json(self.shards / f"{index:06d}.json", {**row, "sizes": sizes}, self.temporary)

    def _claim(self) -> None:
        """Write down what was asked for, or compare with what is written there."""
        path = self.state / "run.json"
        identity = self.job.identity()
        if not path.exists():
            made = self.temporary / f"claim{_owner()}"
            write_json(made, identity, self.temporary)
            _claim_name(made, path)
        try:
            known = json.loads(path.read_bytes())
        except ValueError:
            raise OutputError(f"{path} is damaged; --fresh starts over") from None
        known, identity = _flat(known), _flat(identity)
        changed = sorted(n for n in {*known, *identity} if known.get(n) != identity.get(n))
        if changed:
            said = ", ".join(_change(n, known.get(n), identity.get(n)) for n in changed)
            raise OutputError(
                f"{self.root} was begun otherwise ({said}); "
                "name another --output, or start over with --fresh"
            )


def is_held(root: Path) -> bool:
    """Return whether a run is writing an output folder, as far as the file system tells."""
    try:
        with (root / "state" / "lock").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    return False


def fingerprint(path: Path) -> list[Any]:
    """Return a file's size, time of change, and a hash of its head and tail.

    Of what cannot be read, why: its reader makes a fault of it.
    """
    try:
        status = path.stat()
        if not path.is_file():
            return ["no file"]
        with path.open("rb") as file:
            digest = hashlib.sha256(file.read(_EDGE))
            file.seek(max(0, status.st_size - _EDGE))
            digest.update(file.read(_EDGE))
    except OSError as error:
        return [error.strerror]
    return [status.st_size, status.st_mtime_ns, digest.hexdigest()]


def unreadable(shard: Shard) -> str:
    """Return which file of a shard cannot be read, and why; empty if all can be."""
    for name in shard.files:
        found = fingerprint(Path(name))
        if len(found) == 1:
            return f"{name}: {found[0]}"
    return ""


def write_json(path: Path, value: Any, temporary: Path) -> None:
    """Write a value as ``write_text`` writes a text."""
    write_text(path, json.dumps(value, indent=1) + "\n", temporary)


def write_text(path: Path, text: str, temporary: Path) -> None:
    """Write a small file whole or not at all, and to the disk itself."""
    made = temporary / f"{path.name}{_owner()}"
    with made.open("w", encoding="utf-8", errors="replace") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(made, path)
    sync_folder(path.parent)


def _flat(tree: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return nested names as one table: ``options.focus``."""
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[before + name] = value
    return flat


def _change(name: str, known: Any, now: Any) -> str:
    """Return what changed in a few words; what is long is only named."""
    if len(f"{known}{now}") > 80:
        return f"{name} changed"
    return f"{name}: {known!r}, now {now!r}"


def _owner() -> str:
    """Return the end of the names of this process's files under way."""
    return f".{socket.gethostname()}~{os.getpid()}"


def _is_orphan(name: str) -> bool:
    """Return whether a file under way is of a process of this machine that has ended."""
    owner, _, pid = name.rpartition("~")
    if not owner.endswith(f".{socket.gethostname()}") or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _replace(made: Path, final: Path) -> None:
    """Rename a file or a folder; a folder's place may be taken by another run's same one."""
    for _ in range(3):
        with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            try:
                os.replace(made, final)
                return
            except OSError as error:
                if error.errno != errno.ENOTEMPTY:
                    raise
        _remove(final)
    os.replace(made, final)


def _claim_name(made: Path, final: Path) -> None:
    """Rename a file unless its new name is taken: who comes second has to agree with it."""
    try:
        os.link(made, final)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        os.replace(made, final)
        return
    made.unlink()


def _size(path: Path) -> int | None:
    """Return a file's bytes, 0 for a folder, ``None`` for neither."""
    if path.is_dir():
        return 0
    return path.stat().st_size if path.exists() else None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
