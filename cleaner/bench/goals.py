"""What the figures should be, and whether they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.bench.figures import Ratio
from cleaner.bench.fresh import BARE, FIRST_PAGE, IMPORT, Peak, Start
from cleaner.bench.systems import PARSER, STRUCTURED
from cleaner.evaluate.peers import OURS


class RatioGoal(NamedTuple):
    """The median time of a system over that of another is at most this."""

    system: str
    other: str
    most: float


RATIO_GOALS = (
    RatioGoal(STRUCTURED, "resiliparse", 1.0),
    RatioGoal(OURS, "trafilatura", 1 / 12),
    RatioGoal(OURS, PARSER, 3.0),
)

MEMORY_GOAL = 12.0
"""Times the largest page."""

IMPORT_GOAL = 100.0
"""Milliseconds over Python alone."""

FIRST_PAGE_GOAL = 250.0
"""Milliseconds."""


class Verdict(NamedTuple):
    """A goal beside what was measured."""

    what: str
    goal: str
    found: str
    met: bool


def judge(
    ratios: Sequence[Ratio], peaks: Sequence[Peak], starts: Sequence[Start], clock: str
) -> tuple[Verdict, ...]:
    """Return a verdict on each goal that something was measured for.

    Of start-ups the least time on the clock counts, ``wall`` or ``cpu``: what is more was spent
    on other work of the machine.
    """
    verdicts: list[Verdict] = []
    for goal in RATIO_GOALS:
        for each in ratios:
            if (each.system, each.other) == (goal.system, goal.other):
                what = f"{goal.system} / {goal.other}, medians"
                verdicts.append(_at_most(what, each.medians.value, goal.most, "{:.3g}"))
    for peak in peaks:
        if peak.system == OURS and not peak.error:
            what = "memory / largest page"
            verdicts.append(_at_most(what, peak.times, MEMORY_GOAL, "{:.3g}"))
    least = {each.name: min(each.wall if clock == "wall" else each.cpu) for each in starts}
    if starts:
        took = least[IMPORT] - least[BARE]
        verdicts.append(_at_most(IMPORT, took, IMPORT_GOAL, "{:.0f} ms"))
        verdicts.append(_at_most(FIRST_PAGE, least[FIRST_PAGE], FIRST_PAGE_GOAL, "{:.0f} ms"))
    return tuple(verdicts)


def _at_most(what: str, found: float, most: float, form: str) -> Verdict:
    return Verdict(what, f"at most {form.format(most)}", form.format(found), found <= most)
