"""Digests that records carry: whether they fit the bytes they are of."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

_ALGORITHMS = {"sha1", "sha256", "sha512", "md5", "sha224", "sha384"}


def digest_fits(label: str, data: Iterable[bytes]) -> bool | None:
    """Tell whether a digest such as ``sha1:3I42H3S6...`` is that of the data.

    Returns ``None`` where the label is empty, or of an algorithm or form that is not known.
    """
    name, _, value = label.strip().partition(":")
    name = name.lower().replace("-", "")
    if name not in _ALGORITHMS:
        return None
    wanted = _decode(value.strip(), hashlib.new(name, usedforsecurity=False).digest_size)
    if wanted is None:
        return None
    hasher = hashlib.new(name, usedforsecurity=False)
    for piece in data:
        hasher.update(piece)
    return hasher.digest() == wanted


def _decode(value: str, size: int) -> bytes | None:
    """Return a digest in base 16, 32 or 64 as bytes; ``None`` where its length is wrong."""
    decoders = (
        bytes.fromhex,
        lambda v: base64.b32decode(v.upper() + "=" * (-len(v) % 8)),
        lambda v: base64.b64decode(v + "=" * (-len(v) % 4), altchars=b"-_"),
    )
    for decode in decoders:
        try:
            digest = decode(value)
        except (ValueError, binascii.Error):
            continue
        if len(digest) == size:
            return digest
    return None


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes as ``sha256:<hex>``."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
