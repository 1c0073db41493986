"""The work on a page grows with its size, whatever it is made of; by counters, not by the clock."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.growth_pages import SHAPES
from tests.work import MOST, Meter, growth, watched

SIZE = 32
"""Elements, lines or marks of the smallest page; the others have two and four times as many."""

LARGE = 128
"""The same where all shapes are measured: beyond the sizes at which limits begin to hold."""

SHORT = (
    "html: siblings", "html: nested named divs", "html: inline tags", "html: links in a line",
    "html: table rows", "html: titles", "html: hidden amid text", "html: wide linked data",
    "markdown: lines", "markdown: links in a line", "markdown: open stars", "markdown: deep lists",
    "text: lines",
)  # fmt: skip
"""Shapes that are measured in every run; ``make faults`` measures all."""

LINEAR = {
    "a loop": "def run(n):\n    return sum(len(str(i)) for i in range(n))\n",
    "a search that goes on": (
        "import re\nword = re.compile('x')\n"
        "def run(n):\n    t, at = 'x' * n, 0\n"
        "    while m := word.search(t, at):\n        at = m.end()\n"
    ),
    "finds that go on": (
        "def run(n):\n    t, at = 'sack ' * n, 0\n"
        "    while (at := t.find(' ', at)) >= 0:\n        at += 1\n"
    ),
    "members of a set": (
        "def run(n):\n    seen = set()\n    for i in range(n):\n        if i not in seen:\n"
        "            seen.add(i)\n"
    ),
    "one look at an array": (
        "import numpy as np\n"
        "def run(n):\n    for i in range(n):\n        pass\n    return np.sum(np.arange(n))\n"
    ),
    "ends of a list": "def run(n):\n    x = list(range(n))\n    while x:\n        x.pop()\n",
}

QUADRATIC = {
    "a loop within a loop": (
        "def run(n):\n    for i in range(n):\n        for j in range(i):\n            pass\n"
    ),
    "slices of what is left": "def run(n):\n    t = 'sack' * n\n    while t:\n        t = t[4:]\n",
    "a search from the start": (
        "import re\nword = re.compile('y')\n"
        "def run(n):\n    t = 'x' * n\n    for i in range(n):\n        word.search(t)\n"
    ),
    "finds from the start": (
        "def run(n):\n    t = 'x' * n + 'y'\n    for i in range(n):\n        t.find('y')\n"
    ),
    "members of a list": (
        "def run(n):\n    seen = []\n    for i in range(n):\n        if i not in seen:\n"
        "            seen.append(i)\n"
    ),
    "a sum for each": (
        "def run(n):\n    x = list(range(n))\n    for i in range(n):\n        sum(x)\n"
    ),
    "an array for each": (
        "import numpy as np\n"
        "def run(n):\n    a = np.arange(n)\n    for i in range(n):\n        (a == i)\n"
    ),
    "a look at an array for each": (
        "import numpy as np\n"
        "def run(n):\n    a = np.arange(n)\n    for i in range(n):\n        a.any()\n"
    ),
    "an array of pairs": (
        "import numpy as np\ndef run(n):\n    a = np.arange(n)\n    return a[:, None] == a\n"
    ),
    "starts of a list": "def run(n):\n    x = list(range(n))\n    while x:\n        x.pop(0)\n",
}


def growth_of(source: str) -> dict[str, float]:
    meter = Meter()
    run = watched(source, meter)["run"]
    run(300)
    return growth([meter.work_of(lambda n=n: run(n)) for n in (300, 600, 1200)])


@pytest.mark.parametrize("name", LINEAR)
def test_the_counters_know_linear_work(name: str) -> None:
    assert max(growth_of(LINEAR[name]).values()) < MOST


@pytest.mark.parametrize("name", QUADRATIC)
def test_the_counters_know_quadratic_work(name: str) -> None:
    assert max(growth_of(QUADRATIC[name]).values()) > 3


def growths(names: Sequence[str], size: int) -> dict[str, dict[str, float]]:
    """Return how the work of ``clean()`` grows for shapes of pages, counted in a new process."""
    command = [sys.executable, "-m", "tests.growth_child", str(size), *names]
    root = Path(__file__).parent.parent
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert run.returncode == 0, run.stderr
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    return dict(rows)


def too_steep(names: Sequence[str], size: int) -> dict[str, dict[str, float]]:
    found = growths(names, size)
    assert list(found) == list(names)
    return {name: ratios for name, ratios in found.items() if max(ratios.values()) > MOST}


def test_work_grows_with_the_page() -> None:
    assert too_steep(SHORT, SIZE) == {}


@pytest.mark.faults
def test_work_grows_with_the_page_whatever_its_shape() -> None:
    assert too_steep([name for name in SHAPES if name not in SHORT], LARGE) == {}
