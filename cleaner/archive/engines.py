"""What ``--engine`` names: each starts a session of its cluster, runs a job on it, and ends it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from importlib.util import find_spec

from cleaner.archive.job import Job
from cleaner.archive.runs import Summary, Watcher
from cleaner.errors import OptionError, StoppedError

KNOCK_SECONDS = 10.0
"""Time that a cluster has to answer."""

Run = Callable[[Job, str | None, bool, Watcher | None], Summary]
"""Of a job: the cluster's address, whether to begin anew, and who hears how it goes on."""


def run_on_engine(
    name: str, job: Job, master: str | None, *, fresh: bool, watcher: Watcher | None
) -> Summary:
    """Clean all inputs of a job on an engine's cluster, or go on where an earlier run stopped.

    ``master`` is the cluster's address; without it, the engine's own configuration decides. Raises
    ``OptionError`` if the engine is not installed, ``StoppedError`` if its cluster fails, and what
    ``run_archive`` raises.
    """
    library, run = ENGINES[name]
    if find_spec(library) is None:
        raise OptionError(f"--engine {name} needs pip install 'cleaner[{name}]'")
    return run(job, master, fresh, watcher)


def _on_spark(job: Job, master: str | None, fresh: bool, watcher: Watcher | None) -> Summary:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    from cleaner.archive.spark import make_session, run_on_spark

    try:
        session = make_session(master)
        try:
            return run_on_spark(job, session, fresh=fresh, watcher=watcher)
        finally:
            session.stop()
    except (PySparkException, Py4JError) as error:
        raise StoppedError(f"Spark failed: {_first_line(error)}") from error


def _on_ray(job: Job, master: str | None, fresh: bool, watcher: Watcher | None) -> Summary:
    import ray

    from cleaner.archive.ray import run_on_ray

    try:
        _knock(master)
        ray.init(master, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError) as error:
        raise StoppedError(f"Ray failed: {_first_line(error)}") from error
    try:
        return run_on_ray(job, fresh=fresh, watcher=watcher)
    finally:
        ray.shutdown()


def _knock(address: str | None) -> None:
    """Raise ``OSError`` if nothing answers at HOST:PORT, where Ray itself would wait for ever."""
    host, _, port = (address or "").rpartition(":")
    if host and port.isdigit() and "/" not in host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_SECONDS).close()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


ENGINES: dict[str, tuple[str, Run]] = {"spark": ("pyspark", _on_spark), "ray": ("ray", _on_ray)}
"""Each engine's library, whose extra has the engine's own name, and how a job runs on it."""
