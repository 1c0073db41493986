from __future__ import annotations

import gzip
import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.encoding import BROKEN, MISMATCH, TRUNCATED, undo_encodings
from cleaner.errors import DecodeError, TooLargeError

CAP = 1 << 20
# Words in random order: text that compresses, but not to a handful of bytes.
PAGE = " ".join(
    random.Random(4).choices("the tide turns at noon and boats come home in rain".split(), k=4000)
).encode()


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
ENCODINGS = [*PACKERS.items(), ("deflate", raw_deflate), ("x-gzip", gzip.compress)]


@pytest.mark.parametrize(("name", "pack"), ENCODINGS)
def test_each_encoding_is_undone(name: str, pack: Callable[[bytes], bytes]) -> None:
    assert undo_encodings(pack(PAGE), name, CAP) == (PAGE, ())
    assert undo_encodings(pack(PAGE), name.upper(), len(PAGE)) == (PAGE, ())


@settings(deadline=None)
@given(st.binary(min_size=1), st.sampled_from(["gzip", "br", "zstd"]))
def test_any_body_comes_back(body: bytes, name: str) -> None:
    packed = PACKERS[name](b"<p>" + body)
    assert undo_encodings(packed, name, CAP)[0] == b"<p>" + body


@pytest.mark.parametrize("declared", ["", "identity", "none", "identity, identity", " , "])
def test_no_encoding_changes_nothing(declared: str) -> None:
    assert undo_encodings(PAGE, declared, CAP) == (PAGE, ())


def test_several_encodings_are_undone_from_the_last() -> None:
    packed = gzip.compress(brotli.compress(zlib.compress(PAGE)))
    assert undo_encodings(packed, "deflate, br, gzip", CAP) == (PAGE, ())


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_magic_bytes_are_enough(name: str) -> None:
    packed = PACKERS[name](PACKERS[name](PAGE))
    assert undo_encodings(packed, "", CAP) == (PAGE, ())
    assert undo_encodings(packed, name, CAP) == (PAGE, ())


@pytest.mark.parametrize("declared", ["gzip", "deflate", "br", "zstd", "utf-8", "br, gzip"])
@pytest.mark.parametrize(
    "body",
    [PAGE, b"<p>hi</p>", b"# Kelp", "<p>Le phare était éteint.</p>".encode("cp1252"), b"K"],
)
def test_a_declared_encoding_that_is_gone_already(declared: str, body: bytes) -> None:
    assert undo_encodings(body, declared, CAP) == (body, (MISMATCH,))


@pytest.mark.parametrize(("name", "pack"), ENCODINGS)
def test_a_truncated_body_keeps_what_is_there(name: str, pack: Callable[[bytes], bytes]) -> None:
    # Brotli and zstd give a block when it is whole: several flushed ones make a long page.
    body = PAGE * 40
    random_part = random.Random(7).randbytes(300_000)
    packed = pack(body + random_part)
    text, warnings = undo_encodings(packed[: len(packed) - 1000], name, CAP * 4)
    assert warnings == (TRUNCATED,)
    assert len(text) > len(PAGE)
    assert (body + random_part).startswith(text)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_body_cut_before_its_first_word_is_an_error(name: str) -> None:
    with pytest.raises(DecodeError, match="cut off"):
        undo_encodings(PACKERS[name](PAGE)[:6], name, CAP)


@pytest.mark.parametrize(("name", "pack"), ENCODINGS)
def test_a_broken_body_is_an_error(name: str, pack: Callable[[bytes], bytes]) -> None:
    packed = bytearray(pack(PAGE))
    # Brotli has no check sum: damage within its blocks can pass for text.
    damage = 1 if name == "br" else len(packed) // 2
    packed[damage : damage + 400] = b"\xff\x00\x07\x1b" * 100
    with pytest.raises(DecodeError, match="broken"):
        undo_encodings(bytes(packed), name, CAP)


@pytest.mark.parametrize("declared", ["compress", "sdch", "odd"])
def test_an_unknown_encoding_is_named(declared: str) -> None:
    with pytest.raises(DecodeError, match=declared):
        undo_encodings(b"\x1f\x9d\x90\x01\x02\x03", declared, CAP)


@pytest.mark.parametrize(("name", "pack"), ENCODINGS)
def test_a_bomb_stops_at_the_cap(name: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(40 * CAP))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match="max_bytes"):
            undo_encodings(bomb, name, CAP)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * CAP


def test_a_nest_of_encodings_is_an_error() -> None:
    packed = PAGE
    for _ in range(6):
        packed = gzip.compress(packed)
    with pytest.raises(DecodeError, match="more than 5"):
        undo_encodings(packed, "", CAP)
    with pytest.raises(DecodeError, match="more than 5"):
        undo_encodings(packed, ", ".join(["gzip"] * 6), CAP)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_members_are_joined_and_junk_after_them_is_dropped(name: str) -> None:
    pack = PACKERS[name]
    packed = pack(b"<p>one</p>") + pack(b"<p>two</p>")
    assert undo_encodings(packed, name, CAP) == (b"<p>one</p><p>two</p>", ())
    assert undo_encodings(packed + b"\0\0junk", name, CAP)[0] == b"<p>one</p><p>two</p>"


@pytest.mark.parametrize(("name", "module"), [("br", "brotli"), ("zstd", "zstandard")])
def test_a_missing_library_is_named(
    name: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = PACKERS[name](PAGE)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(DecodeError, match=rf"cleaner\[compression\].*{module}"):
        undo_encodings(packed, name, CAP)


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_what_stands_before_damage_is_kept_on_request(name: str) -> None:
    packed = bytearray(PACKERS[name](PAGE))
    packed[-5 if name == "gzip" else -1] ^= 0xFF  # in the checksum: the page stands before it
    with pytest.raises(DecodeError):
        undo_encodings(bytes(packed), name, CAP)
    assert undo_encodings(bytes(packed), name, CAP, keep_partial=True) == (PAGE, (BROKEN,))
    with pytest.raises(DecodeError):
        undo_encodings(b"\x1f\x8b\x08junk" * 9, "gzip", CAP, keep_partial=True)
