"""The state of a review: the cases, what is known of each, and what was decided."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.golden.cases import LABELS_FILE, TEXT_FILE, Case, CaseError, read_case
from cleaner.golden.check import CaseResult, check_case, format_rows
from cleaner.golden.correct import set_label
from cleaner.golden.files import SUFFIX, pending_names, remove_file, write_file
from cleaner.golden.review.proposal import Proposal, propose, renew
from cleaner.golden.store import accept, expect_failures, reject, write_new

MOST_OPEN = 6
"""Cases whose documents are held in memory."""

ACCEPTED, REJECTED, SKIPPED = "accepted", "rejected", "skipped"

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case compares with its expectations, in short."""

    statuses: Mapping[str, tuple[str, ...]]
    """The names of the parts that have each status."""
    passed: bool
    waits: bool
    """Whether new expectations lie beside the old ones."""
    error: str = ""

    @property
    def wants_review(self) -> bool:
        """Whether a person should look at the case."""
        return self.waits or not self.passed


class ReviewSession:
    """Cases under review. They are checked when asked for, or one after the other in the
    background; what was found holds until a file of the case changes.

    ``folders`` are the cases' own; their places in it are their numbers, and stay the same.
    ``home`` is the folder that their names leave out, and that new cases are put in.
    """

    def __init__(self, folders: Sequence[Path], home: Path) -> None:
        self.folders = list(folders)
        self.home = home
        self.settled: dict[int, str] = {}
        """What was decided in this session: ``accepted``, ``rejected`` or ``skipped``."""
        self._lock = threading.RLock()
        self._checker: threading.Thread | None = None
        self._standings: dict[int, tuple[Signature, Standing]] = {}
        self._open: OrderedDict[int, tuple[Signature, Proposal]] = OrderedDict()
        self._told: list[int] = []
        """The cases in the order in which something new was found of them."""

    def name(self, number: int) -> str:
        """Return the name of a case: its folder's path below ``home``."""
        folder = self.folders[number]
        if folder == self.home or not folder.is_relative_to(self.home):
            return folder.name if folder == self.home else folder.as_posix()
        return folder.relative_to(self.home).as_posix()

    def case(self, number: int) -> Case:
        """Return a case. Raises ``CaseError`` if there is none, or its files are broken."""
        if not 0 <= number < len(self.folders):
            raise CaseError(f"{self.home}: there is no case {number}")
        return read_case(self.folders[number])

    def check_all(self) -> None:
        """Check every case that was not checked yet, or changed since, one after the other."""
        for number in range(len(self.folders)):
            self.standing(number)

    @property
    def is_checking(self) -> bool:
        """Whether cases are being checked in the background."""
        return self._checker is not None and self._checker.is_alive()

    def check_in_background(self) -> None:
        """Check all cases in a thread that ends with the program, if none does so already."""
        with self._lock:
            if not self.is_checking:
                self._checker = threading.Thread(target=self.check_all, daemon=True)
                self._checker.start()

    def standing(self, number: int) -> Standing:
        """Return how a case compares with its expectations; a broken one tells its error."""
        with self._lock:
            signature = _signature(self.folders[number])
            known = self._standings.get(number)
            if known and known[0] == signature:
                return known[1]
            return self._note(number, signature, self._check(number))

    def _check(self, number: int) -> CaseResult | CaseError:
        try:
            return check_case(self.case(number))
        except CaseError as error:
            return error

    def _note(self, number: int, signature: Signature, result: CaseResult | CaseError) -> Standing:
        waits = bool(pending_names(self.folders[number]))
        if isinstance(result, CaseError):
            standing = Standing({}, False, waits, str(result))
        else:
            statuses: dict[str, tuple[str, ...]] = {}
            for part in result.parts:
                statuses[part.status] = (*statuses.get(part.status, ()), part.name)
            standing = Standing(statuses, result.passed, waits, result.error or "")
        self._standings[number] = (signature, standing)
        self._told.append(number)
        return standing

    def told(self, since: int) -> tuple[int, list[int]]:
        """Return the cases of which something was found since, and the number to ask with next."""
        told = self._told[since:]
        return since + len(told), list(dict.fromkeys(told))

    def known(self, number: int) -> Standing | None:
        """Return what is known of a case without looking."""
        found = self._standings.get(number)
        return found[1] if found else None

    def proposal(self, number: int) -> Proposal:
        """Return what a case would expect from now on. Raises ``CaseError``."""
        with self._lock:
            signature = _signature(self.folders[number])
            known = self._open.get(number)
            if known and known[0] == signature:
                self._open.move_to_end(number)
                return known[1]
            return self._hold(number, signature, propose(self.case(number)))

    def _hold(self, number: int, signature: Signature, proposal: Proposal) -> Proposal:
        self._open[number] = (signature, proposal)
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        self._note(number, signature, proposal.result)
        return proposal

    def next_number(self, after: int) -> int | None:
        """Return the next case that wants review and was not settled, round the end of the list."""
        count = len(self.folders)
        for step in range(1, count + 1):
            number = (after + step) % count
            settled = number in self.settled
            if number != after and not settled and self.standing(number).wants_review:
                return number
        return None

    def relabel(self, number: int, block: int, label: str) -> Proposal:
        """Give a block another label in what is proposed, and return the new proposal.

        The old expectations stay as they are until the case is accepted. Raises ``CaseError``.
        """
        with self._lock:
            proposal = self.proposal(number)
            if proposal.decided is None:
                raise CaseError(f"{self.folders[number]}: the page cannot be cleaned")
            case = proposal.result.case
            before = pending_names(case.folder)
            if LABELS_FILE not in before:
                write_file(case, LABELS_FILE + SUFFIX, format_rows(list(proposal.rows)))
            try:
                set_label(case, block, label, proposal.decided)
            except CaseError:
                if LABELS_FILE not in before:
                    remove_file(case.folder / (LABELS_FILE + SUFFIX))
                raise
            self.settled.pop(number, None)
            return self._hold(number, _signature(case.folder), renew(proposal))

    def accept(self, number: int) -> tuple[list[Path], tuple[str, ...]]:
        """Take over what is proposed.

        Returns the files that changed, and the parts that still do not pass: those that were
        corrected by hand, and those that no page can be accepted for (snippets, scores).
        """
        with self._lock:
            proposal = self.proposal(number)
            case = proposal.result.case
            corrected = dict(_waiting_texts(case))
            write_new(proposal.result)
            for name, text in corrected.items():
                write_file(case, name, text)
            changed = accept(case)
            self.settled[number] = ACCEPTED
            parts = self.proposal(number).result.parts
            return changed, tuple(part.name for part in parts if not part.passed)

    def reject(self, number: int) -> list[Path]:
        """Throw away what is proposed; the expectations stay. Returns the files removed."""
        with self._lock:
            removed = reject(self.case(number))
            self.settled[number] = REJECTED
            self.standing(number)
            return removed

    def skip(self, number: int) -> None:
        """Leave a case for another time."""
        self.case(number)
        self.settled[number] = SKIPPED

    def expect_failures(self, number: int) -> Path:
        """Note the parts that do not pass as known failures in ``case.json``."""
        with self._lock:
            result = self.proposal(number).result
            failing = [part.name for part in result.parts if not part.passed]
            path = expect_failures(result.case, failing)
            self.standing(number)
            return path

    def add(self, case: Case) -> int:
        """Take a new case up, and return its number."""
        with self._lock:
            self.folders.append(case.folder)
            return len(self.folders) - 1


def _waiting_texts(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the new expectations that a person may have corrected."""
    for name in (TEXT_FILE, LABELS_FILE):
        path = case.folder / (name + SUFFIX)
        if path.is_file():
            yield path.name, path.read_text(encoding="utf-8")


def _signature(folder: Path) -> Signature:
    """Return what changes when a file of a case does."""
    try:
        files = [(path.name, path.stat()) for path in folder.iterdir() if path.is_file()]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))
