"""When a page was published and changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from cleaner.features.basics import is_forum
from cleaner.metadata.calendar import day_first
from cleaner.metadata.datelines import (
    FOREIGN_NAMES,
    counted_date,
    date_beside,
    leading_date,
    named_date,
    read_dateline,
)
from cleaner.metadata.dateparse import DateHints, parse_date
from cleaner.metadata.evidence import NEAR, Evidence, Found, is_home
from cleaner.metadata.jsonld import text_of
from cleaner.metadata.tables import table
from cleaner.metadata.titlecut import is_article
from cleaner.metadata.visible import AFTER, BEFORE, is_labelled, names_above
from cleaner.types import Fact, LabelName, Page

_PUBLISHED_META = tuple(table("dates")["meta"]["published"])
_MODIFIED_META = tuple(table("dates")["meta"]["modified"])

_OTHER_META = re.compile(r"publi(?:sh|cation)|pub_?date|uploaded|release[-_]?date|posted")
"""Names of meta tags that no table lists, but that speak of publication."""

_NOT_PUBLISHED = re.compile(r"modif|updat|expir|unpublish|publisher|capture|status|version|copy")

_ADDRESS = re.compile(
    r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>\d{1,2}|[a-z]{3,9})[/-](?P<d>\d{1,2})(?=\D|$)"
    r"|[/_-](?P<compact>20[0-4]\d[01]\d[0-3]\d)(?=\D|$)"
)
_PUBLISHED_NAMES = frozenset({"published", "publish", "pubdate", "posted", "created", "issued"})
_MODIFIED_NAMES = frozenset({"updated", "modified", "update", "changed", "revised", "lastmod"})

_POST_NAMES = frozenset({"post", "postbody", "entry", "article", "byline", "author", "content"})


_BYLINE = frozenset({LabelName.BYLINE})

_SAME = timedelta(minutes=1)
"""Between two tags that give one moment."""

_LOCAL = (
    ("time", "datetime"), ("itemprop", "datepublished"), ("meta", "datepublished"),
    ("meta", "article:published_time"),
)  # fmt: skip
"""Where the moment of publication may stand with the site's own offset."""

_Find = Callable[[Evidence, DateHints], str | None]


def date_hints(page: Page, language: str | None) -> DateHints:
    """Return what the page's language, address and capture say of how its dates are written."""
    try:
        host = urlsplit(page.base_url or page.capture.url or "").hostname or ""
    except ValueError:
        host = ""
    top = host.rpartition(".")[2]
    territory = "GB" if top == "uk" else top.upper() if len(top) == 2 else ""
    tag = language or "en"
    return DateHints(tag, day_first(tag, territory), page.capture.captured_at)


def find_published(
    evidence: Evidence, hints: DateHints, *, visible: bool = True
) -> Found[str] | None:
    """Return the day, or the moment, of publication.

    A moment in universal time may be another day where the site is: the day in the
    page's address, one off, is the one that its readers know.
    """
    first_page = _is_first_page(evidence)
    rows = _PUBLISHED + (_PUBLISHED_SEEN if visible and not first_page else ()) + _PUBLISHED_LAST
    found = _first(rows, evidence, hints)
    if found is None and visible and not first_page:
        changed = _CHANGED_ONLY if is_article(evidence) else _CHANGED_BESIDE
        found = _first(changed, evidence, hints)
    if found and "T" not in found.value:
        found = _exact(found, rows, evidence, hints)
    if found and visible and found.source.startswith(("json-ld:", "meta:")):
        found = _as_shown(found, evidence, hints)
    if found and found.value.endswith("+00:00"):
        return _local(found, evidence, hints)
    return found


def _local(found: Found[str], evidence: Evidence, hints: DateHints) -> Found[str]:
    """A moment in universal time as the site's readers know it, where that is another day.

    It is what another tag gives as the same moment with an offset, or the day in the address.
    """
    moment = datetime.fromisoformat(found.value)
    for source, name in _LOCAL:
        for fact in evidence.facts.get((source, name), ()):
            value = parse_date(fact.value, hints) or ""
            elsewhere = value[19:] and not value.endswith("+00:00")
            if elsewhere and abs(datetime.fromisoformat(value) - moment) <= _SAME:
                return Found(value, f"{source}:{name}")
    day = _address(evidence, hints)
    if day and abs(_days_between(day, found.value)) == 1:
        return Found(day, "url")
    return found


def _as_shown(found: Found[str], evidence: Evidence, hints: DateHints) -> Found[str]:
    """The date in the byline, or in a ``<time>`` marked so, if it is earlier than the stated one.

    A page cannot be published after the day that it shows: a later one is that of an edition, or
    of a move to another system. With an offset a day between them tells nothing.
    """
    if is_forum(evidence.page):
        return found
    shown = _first(_SHOWN, evidence, hints)
    least = 2 if found.value[19:] else 1
    return shown if shown and _days_between(found.value, shown.value) >= least else found


def _days_between(later: str, earlier: str) -> int:
    """How many days lie between two dates; negative where the first is the earlier one."""
    return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days


def find_modified(
    evidence: Evidence, hints: DateHints, *, visible: bool = True
) -> Found[str] | None:
    """Return the day, or the moment, of the last change."""
    return _first(_MODIFIED + (_MODIFIED_SEEN if visible else ()), evidence, hints)


def _is_first_page(evidence: Evidence) -> bool:
    """Whether the page is a site's first: the dates on it are today's and those of articles."""
    return is_home(evidence.page.capture.url) and not is_article(evidence)


def _exact(
    found: Found[str],
    rows: Sequence[tuple[str, _Find]],
    evidence: Evidence,
    hints: DateHints,
) -> Found[str]:
    """The day with the time that another place on the page gives for it."""
    for name, find in rows:
        value = find(evidence, hints)
        if value and value.startswith(f"{found.value}T"):
            return Found(value, name)
    return found


def _first(
    rows: Sequence[tuple[str, _Find]], evidence: Evidence, hints: DateHints
) -> Found[str] | None:
    for name, find in rows:
        value = find(evidence, hints)
        if value:
            return Found(value, name)
    return None


def _json_ld(name: str, evidence: Evidence, hints: DateHints) -> str | None:
    return _first_date((text_of(o.get(name)) for o in evidence.main), hints)


def _fact(source: str, name: str, evidence: Evidence, hints: DateHints) -> str | None:
    if (source, name) not in evidence.facts:
        return None
    return _first_date(evidence.values(source, name), hints)


def _other_meta(evidence: Evidence, hints: DateHints) -> str | None:
    """The earliest date of the meta tags of any name that speak of publication."""
    found = [
        parse_date(fact.value, hints)
        for fact in evidence.page.facts
        if fact.source == "meta"
        and fact.value[:4].isdigit()
        and _OTHER_META.search(fact.name)
        and not _NOT_PUBLISHED.search(fact.name)
    ]
    return min(filter(None, found), default=None)


def _body_fact(
    source: str, names: Sequence[str], evidence: Evidence, hints: DateHints
) -> str | None:
    """The first statement in the body outside of comments and teasers."""
    facts = [f for n in names for f in evidence.facts.get((source, n), ())]
    own = [f for f in sorted(facts, key=lambda f: f.element) if _is_own(f, evidence)]
    return _first_date((f.value for f in own[:1]), hints)


def _front_matter(names: Sequence[str], evidence: Evidence, hints: DateHints) -> str | None:
    return _first_date(evidence.values("front-matter", *names), hints)


def _first_date(values: Iterator[str], hints: DateHints) -> str | None:
    return next(filter(None, (parse_date(v, hints) for v in values)), None)


def _is_own(fact: Fact, evidence: Evidence) -> bool:
    names = names_above(fact.element, evidence)
    if _is_beside(fact.block, evidence):
        return True
    foreign = names & FOREIGN_NAMES
    if foreign == {"footer"} and names & _POST_NAMES:
        return True  # that of a post is its own
    return evidence.own(fact.block) and not foreign


def _is_beside(position: int, evidence: Evidence) -> bool:
    """Whether a block is a byline right after the title, whatever its elements are called."""
    anchor, blocks = evidence.anchor, evidence.page.blocks
    if anchor is None or not anchor < position <= anchor + NEAR or position >= len(blocks):
        return False
    return is_labelled(blocks[position], _BYLINE, evidence)


def _address(evidence: Evidence, hints: DateHints) -> str | None:
    """A day in the page's address, as most news sites and blogs have it."""
    address = evidence.page.capture.url or ""
    for match in _ADDRESS.finditer(address):
        day = match["compact"] or f"{match['y']}-{match['m']}-{match['d']}"
        if match["m"] and match["m"].isalpha():
            day = f"{match['d']} {match['m']} {match['y']}"
        found = parse_date(day, hints)
        if found:
            return found
    return None


def _times(evidence: Evidence) -> list[Fact]:
    """The marked times of the page, in order, without those of comments and teasers."""
    keys = (("time", "datetime"), ("time", "text"), ("abbr", "datetime"))
    facts = [f for k in keys for f in evidence.facts.get(k, ())]
    return [f for f in sorted(facts, key=lambda f: f.element) if _is_own(f, evidence)]


def _time_published(evidence: Evidence, hints: DateHints) -> str | None:
    """A ``<time>`` that is marked as the publication's."""
    marked = list(evidence.facts.get(("time", "pubdate"), ()))
    places = {f.element for f in marked}
    for fact in _times(evidence):
        if fact.element in places or names_above(fact.element, evidence) & _PUBLISHED_NAMES:
            found = parse_date(fact.value, hints)
            if found:
                return found
    return None


def _time_near(evidence: Evidence, hints: DateHints) -> str | None:
    """The first ``<time>`` around the title, or in a post below it, that is no change's.

    On a page that shows no title it is the first of all.
    """
    times = [f for f in _times(evidence) if not names_above(f.element, evidence) & _MODIFIED_NAMES]
    anchor = evidence.anchor
    if anchor is not None:
        times = [
            f
            for f in times
            if -BEFORE <= f.block - anchor <= AFTER
            or (f.block > anchor and names_above(f.element, evidence) & _POST_NAMES)
        ]
        # What is far below the title may be a teaser of another page.
        times.sort(key=lambda f: (f.block > anchor + AFTER, f.block < anchor, f.element))
    return _first_date((f.value for f in times), hints)


def _time_modified(evidence: Evidence, hints: DateHints) -> str | None:
    marked = (
        f.value
        for f in _times(evidence)
        if names_above(f.element, evidence) & _MODIFIED_NAMES
        and not names_above(f.element, evidence) & _PUBLISHED_NAMES
    )
    return _first_date(marked, hints)


def _only_time(evidence: Evidence, hints: DateHints) -> str | None:
    """The one day that all ``<time>`` elements of the page give."""
    days = {(parse_date(f.value, hints) or "")[:10]: f.value for f in _times(evidence)}
    days.pop("", None)
    return parse_date(next(iter(days.values())), hints) if len(days) == 1 else None


_PUBLISHED_PROPERTIES = ("datepublished", "schema:datepublished", "dc:date", "dcterms:issued")
_MODIFIED_PROPERTIES = ("datemodified", "schema:datemodified", "dcterms:modified")
_FRONT_PUBLISHED = ("date", "published time", "published", "publish date", "pubdate", "created")
_FRONT_MODIFIED = ("modified", "updated", "lastmod", "last modified", "modified time")

_PUBLISHED: tuple[tuple[str, _Find], ...] = (
    ("front-matter:date", partial(_front_matter, _FRONT_PUBLISHED)),
    ("json-ld:datePublished", partial(_json_ld, "datePublished")),
    *((f"meta:{n}", partial(_fact, "meta", n)) for n in _PUBLISHED_META),
    ("itemprop:datePublished", partial(_body_fact, "itemprop", ("datepublished", "datecreated"))),
    ("property:datePublished", partial(_body_fact, "property", _PUBLISHED_PROPERTIES)),
    ("meta:published", _other_meta),
    ("time:published", _time_published),
    ("url", _address),
    ("json-ld:dateCreated", partial(_json_ld, "dateCreated")),
    ("json-ld:uploadDate", partial(_json_ld, "uploadDate")),
    ("time:near-title", _time_near),
)
"""Where a page says to machines when it was published, the most certain first."""

_SHOWN: tuple[tuple[str, _Find], ...] = (
    ("visible:dateline", partial(date_beside, False)),
    ("time:published", _time_published),
)
"""What readers see of the day of publication."""

_PUBLISHED_LAST: tuple[tuple[str, _Find], ...] = (("time:only", _only_time),)
"""What tells least."""

_PUBLISHED_SEEN: tuple[tuple[str, _Find], ...] = (
    ("visible:dateline", partial(read_dateline, False)),
    ("visible:named", partial(named_date, False)),
    ("visible:lead", leading_date),
    ("visible:relative", counted_date),
)
"""Where it says so to readers."""

_CHANGED_ONLY: tuple[tuple[str, _Find], ...] = (
    ("visible:modified", partial(read_dateline, True)),
    ("visible:modified", partial(named_date, True)),
    ("json-ld:dateModified", partial(_json_ld, "dateModified")),
)
"""An article that gives the day of its last change alone is dated so."""

_CHANGED_BESIDE: tuple[tuple[str, _Find], ...] = (("visible:modified", partial(date_beside, True)),)
"""So is another page that shows it right beside its title."""

_MODIFIED: tuple[tuple[str, _Find], ...] = (
    ("front-matter:modified", partial(_front_matter, _FRONT_MODIFIED)),
    ("json-ld:dateModified", partial(_json_ld, "dateModified")),
    *((f"meta:{n}", partial(_fact, "meta", n)) for n in _MODIFIED_META),
    ("itemprop:dateModified", partial(_body_fact, "itemprop", ("datemodified",))),
    ("property:dateModified", partial(_body_fact, "property", _MODIFIED_PROPERTIES)),
    ("time:modified", _time_modified),
)
_MODIFIED_SEEN: tuple[tuple[str, _Find], ...] = (
    ("visible:dateline", partial(read_dateline, True)),
    ("visible:named", partial(named_date, True)),
)
