"""The process whose memory is measured: ``python -m cleaner.bench.peak SYSTEM FILE``.

It runs the system on a tiny page, so that all is loaded, then on FILE, and prints how many bytes
of memory that took more at its peak, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

from cleaner.evaluate.peers import PageInput, System

KERNEL = "peak of the resident set, as the kernel keeps it for a stretch of time"
USAGE = "peak of the whole process, less that after a tiny page"


def main(arguments: list[str]) -> None:
    """Measure a system, named first, on a page, named second."""
    from cleaner.bench.run import timed
    from cleaner.bench.systems import find_system
    from cleaner.evaluate.run import WARM_UP

    name, path = arguments
    system = find_system(name)
    timed(system, WARM_UP)
    print(json.dumps(measure(system, PageInput(Path(path).read_bytes()))))


def measure(system: System, page: PageInput) -> dict[str, int | str]:
    """Return the peak in bytes over what was there before, how it was found, and any error."""
    from cleaner.bench.run import timed

    if _forget_peak():
        before, how = _status("VmRSS"), KERNEL
        _, _, error = timed(system, page)
        peak = _status("VmHWM")
    else:
        before, how = _usage(), USAGE
        _, _, error = timed(system, page)
        peak = _usage()
    return {"bytes": max(peak - before, 0), "how": how, "error": error}


def _forget_peak() -> bool:
    """Let the kernel count the peak from now on; tell whether it can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        return True
    return False


def _status(name: str) -> int:
    """Return a figure of the kernel's status of this process in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


def _usage() -> int:
    """Return the peak of this process in bytes. It holds that of the process it came from."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main(sys.argv[1:])
