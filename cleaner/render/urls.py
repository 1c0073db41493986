"""Addresses that are safe to print: absolute, with a scheme that cannot run a script."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp"})
_SCHEMES_WITH_HOST = frozenset({"http", "https", "ftp"})

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Browsers drop these from an address before they look for its scheme."""
_UNSAFE = re.compile(r'[\s"<>\\^`{|}]')
"""Not allowed in an address, and markup in one of the formats: printed as ``%..``."""


def safe_address(target: str, base_url: str | None) -> str | None:
    """Return the absolute address of a link or image, or ``None`` if there is none to print.

    ``target`` is what the page gives; ``base_url`` is what it resolves against. Empty targets,
    ``#``, addresses that cannot be parsed, relative ones without a base, and all schemes but
    ``SAFE_SCHEMES`` give ``None``.
    """
    address = _CONTROLS.sub("", target).strip()
    if not address or address == "#":
        return None
    try:
        if not _SCHEME.match(address):
            address = urljoin(base_url or "", address)
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:  # a broken IPv6 host, a port out of range, ...
        return None
    if parts.scheme not in SAFE_SCHEMES:
        return None
    if not host and (parts.scheme in _SCHEMES_WITH_HOST or not parts.path):
        return None
    return _UNSAFE.sub(_percent, address)


def _percent(found: re.Match[str]) -> str:
    return quote(found.group(), safe="")
