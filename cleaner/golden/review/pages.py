"""The pages of the review as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from string import Template
from typing import Any

from cleaner.golden.assets import asset
from cleaner.golden.check import PASSING, SAME, PartResult
from cleaner.golden.difference_view import ERROR, STATUSES, difference_html, part_html, status_chip
from cleaner.golden.label_styles import label_styles
from cleaner.golden.page_frame import FRAME_POLICY, frame_document
from cleaner.golden.parts import SCORE, TEXT
from cleaner.golden.review.proposal import Proposal
from cleaner.golden.review.session import ReviewSession, Standing
from cleaner.golden.review.text_changes import text_changes
from cleaner.golden.view import metadata_list
from cleaner.golden.view_parts import (
    TEXT_TYPES,
    block_list,
    clean_text,
    legend,
    source_lines,
)

MOST_NAMED = 4
"""Parts of one status that are named; more are counted."""

FRAME_HEADERS = {
    "content-security-policy": (
        f"{FRAME_POLICY}; frame-ancestors 'self'; sandbox allow-same-origin"
    )
}
"""Of the captured page: no script runs in it, nothing is asked of the network."""


def list_page(session: ReviewSession, form_token: str) -> str:
    """Return the page with the list of cases; what is not known yet comes later."""
    since, _ = session.told(0)
    rows = "".join(list_row(session, number) for number in range(len(session.folders)))
    return Template(asset("review_list.html")).substitute(
        token=escape(form_token),
        folder=escape(str(session.home)),
        count=len(session.folders),
        since=since,
        rows=rows or '<li class="nothing">There are no cases in this folder yet.</li>',
    )


def list_row(session: ReviewSession, number: int) -> str:
    """Return the row of one case."""
    standing = session.known(number)
    settled = session.settled.get(number, "")
    state = "unknown"
    if standing is not None:
        state = "wants" if standing.wants_review else "fine"
    return (
        f'<li id="c{number}" class="row {state} {settled}" data-n="{number}">'
        f'<a href="/case/{number}">{escape(session.name(number))}</a> '
        f'<span class="chips">{standing_chips(standing, settled)}</span></li>'
    )


def standing_chips(standing: Standing | None, settled: str) -> str:
    """Return what is known of a case as small signs."""
    if standing is None:
        return '<span class="status calm">not checked yet</span>'
    chips = [_chip(status, standing.statuses.get(status, ())) for status in STATUSES]
    if standing.error:
        chips.append(status_chip(ERROR, standing.error))
    elif not any(chips):
        chips.append(status_chip(SAME))
    if standing.waits:
        chips.append('<span class="status wait">waits to be accepted</span>')
    if settled:
        chips.append(f'<span class="status settled">{settled}</span>')
    return " ".join(filter(None, chips))


def _chip(status: str, parts: Sequence[str]) -> str:
    """Return a status with the parts that have it; nothing for parts that are the same."""
    if not parts or status == SAME:
        return ""
    if status in PASSING or len(parts) > MOST_NAMED:
        return status_chip(status, str(len(parts)))
    return status_chip(status, ", ".join(parts))


def case_page(session: ReviewSession, number: int, form_token: str) -> str:
    """Return the page of one case. Raises ``CaseError``."""
    proposal = session.proposal(number)
    case = proposal.result.case
    parts = case_parts(session, number, proposal)
    captured = _captured(proposal, number)
    return Template(asset("review_case.html")).substitute(
        parts,
        token=escape(form_token),
        number=number,
        name=escape(session.name(number)),
        position=f"{number + 1} of {len(session.folders)}",
        shows=escape(case.shows),
        captured=captured,
        metadata=metadata_list(proposal.document.metadata) if proposal.document else "",
        blocks=block_list(proposal.blocks, proposal.notes),
        choices=_choices(),
    )


def case_parts(session: ReviewSession, number: int, proposal: Proposal) -> dict[str, str]:
    """Return the parts of a case's page that change with a label, as HTML by name."""
    document = proposal.document
    settled = session.settled.get(number, "")
    return {
        "chips": standing_chips(session.standing(number), settled),
        "changes": changes_html(proposal),
        "legend": legend([label.name for label in document.labels]) if document else "",
        "clean": clean_text(document) if document else "",
    }


def changes_html(proposal: Proposal) -> str:
    """Return what differs between the old expectations and the proposal."""
    if proposal.result.error is not None:
        return f'<p class="error">{escape(proposal.result.error)}</p>'
    told = [part for part in proposal.parts if part.status != SAME]
    if not told:
        return '<p class="nothing">Nothing: the page gives what is expected.</p>'
    return "".join(
        part_html(part.name, part.status, _difference(part, proposal), is_open=not part.passed)
        for part in told
    )


def _difference(part: PartResult, proposal: Proposal) -> str:
    """Return what differs in a part: a text in full, anything else as it is told elsewhere."""
    if part.name not in (TEXT, SCORE) or not part.expected:
        return difference_html(part.difference)
    score = part.difference.partition("\n")[0] if part.name == SCORE else ""
    changes = text_changes(part.expected, part.actual, proposal.why)
    return difference_html(score) + (changes or difference_html(part.difference))


def block_state(proposal: Proposal, block: int) -> Mapping[str, Any]:
    """Return what a page of the review shows of one block, ready for JSON."""
    name = proposal.blocks[block].label.name
    style = next(style for style in label_styles() if style.name is name)
    return {
        "name": name.value,
        "letter": style.key.upper(),
        "group": style.group,
        "note": proposal.notes.get(block, ""),
    }


def frame_page(proposal: Proposal) -> str:
    """Return the captured page for its frame; empty if it is none of HTML or is broken."""
    document = proposal.document
    if document is None or document.page.capture.media_type in TEXT_TYPES:
        return ""
    return frame_document(document.page.capture, document.labels, proposal.notes)


def _captured(proposal: Proposal, number: int) -> str:
    document = proposal.document
    if document is None:
        return '<p class="nothing">The page cannot be cleaned.</p>'
    if document.page.capture.media_type in TEXT_TYPES:
        return source_lines(document, proposal.notes)
    return (
        '<iframe id="page" title="Captured page" sandbox="allow-same-origin" '
        f'src="/page/{number}"></iframe>'
    )


def _choices() -> str:
    """Return the buttons that set a label, each with its key."""
    return "".join(
        f'<button type="button" class="{style.name.value}" value="{style.name.value}" '
        f'data-key="{style.key}"><span class="letter {style.group}" aria-hidden="true">'
        f"{style.key.upper()}</span> <b>{style.name.value}</b> <small>{escape(style.says)}</small>"
        "</button>"
        for style in label_styles()
    )
