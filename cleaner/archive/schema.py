"""The columns of the output, one definition for every format; ``docs/archive-schema.md`` shows it.

Every column is in every row, in this order. What a page does not say is ``None``, ``""`` or ``[]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = "1"
"""Grows when a column changes its meaning or goes; new columns leave it as it is."""


class Column(NamedTuple):
    """A column: its name, its type, what it holds."""

    name: str
    type: str
    """``string``, ``integer``, ``number``, ``strings``, or a key of ``STRUCTS``; ``json`` for a
    JSON object, which Parquet holds as a string."""
    what: str


SOURCE = (
    Column("file", "string", "the input file"),
    Column("offset", "integer", "first byte in the file"),
    Column("length", "integer", "bytes in the file from `offset` on, as they stand there"),
    Column("member", "string", "name inside a zip, tar or WACZ"),
    Column("row", "integer", "row of a Parquet file or line of a JSONL file, counted from 0"),
    Column("record_id", "string", "the record's own id"),
    Column("payload_digest", "string", "`sha256:` and the hex digest of the payload as stored"),
    Column("inflated_offset", "integer", "first byte in the stream inflated from `offset` on"),
    Column("inflated_length", "integer", "bytes from `inflated_offset` on"),
)
COMMENT = (
    Column("text", "string", "paragraphs separated by a blank line"),
    Column("author", "string", "name as the page shows it"),
    Column("date", "string", "date as the page gives it"),
)
BLOCK = (
    Column("kind", "string", "`paragraph`, `heading`, `list_item`, ..."),
    Column("label", "string", "`content`, `title`, `navigation`, ..."),
    Column("probability", "number", "that it belongs to the main content, 0 to 1"),
    Column("text", "string", "its text"),
)
STRUCTS = {"source": (SOURCE, False), "comments": (COMMENT, True), "blocks": (BLOCK, True)}
"""Name of a type to its fields, and whether it is a list of them."""

PAGE = (
    Column("id", "string", "hash of the source's place: the same in every run"),
    Column("url", "string", "address the page was captured from"),
    Column("host", "string", "host name of `url`, in lower case"),
    Column("status", "string", "`ok`, `empty` (no main text) or `partial` (cut or damaged)"),
    Column("text", "string", "the article, paragraphs separated by a blank line"),
    Column("markdown", "string", "the same words as Markdown; if asked for"),
    Column("title", "string", "headline"),
    Column("authors", "strings", "names, in the order of the page"),
    Column("site_name", "string", "name of the site"),
    Column("description", "string", "standfirst or summary"),
    Column("published_at", "string", "ISO 8601, as exact as the page gives it"),
    Column("modified_at", "string", "last change, in the same forms"),
    Column("canonical_url", "string", "address that the page gives as its own"),
    Column("section", "string", "part of the site"),
    Column("tags", "strings", "keywords"),
    Column("image", "string", "address of the main image"),
    Column("language", "string", "BCP 47 tag: as declared, else as detected"),
    Column("language_declared", "string", "BCP 47 tag that the page declares"),
    Column("language_detected", "string", "language of the text, where it is sure"),
    Column("language_score", "number", "probability of `language_detected`, 0 to 1"),
    Column("language_archive", "string", "languages that the archive notes for the page"),
    Column("captured_at", "string", "ISO 8601, UTC"),
    Column("media_type", "string", "`text/html`, `text/markdown`, `text/plain`, ..."),
    Column("charset", "string", "character set that the page was decoded with"),
    Column("charset_source", "string", "`bom`, `header`, `meta`, `detected`, `caller` or `str`"),
    Column("replacement_ratio", "number", "share of characters that could not be decoded"),
    Column("decode_status", "string", "`ok`, or what was wrong with the transfer encoding"),
    Column("truncated", "string", "why the archive cut the page; empty if it is whole"),
    Column("bytes_in", "integer", "bytes of the page, decoded (characters if it came as text)"),
    Column("confidence", "number", "how far `text` can be trusted, 0 to 1"),
    Column("warnings", "strings", "what is doubtful about the page: `paywall`, `list-page`, ..."),
    Column("record_warnings", "strings", "what is doubtful about the record that held it"),
    Column("comments", "comments", "reader comments; if asked for"),
    Column("blocks", "blocks", "every block with its label; if asked for"),
    Column("extra", "json", "other columns of the input row"),
    Column("source", "source", "where the page stands in the input"),
    Column("template_id", "string", "template of the site that was used; empty without"),
    Column("schema_version", "string", "version of this table"),
    Column("cleaner_version", "string", "version of the package"),
    Column("config_hash", "string", "hash of all that shapes a row: options, model, code"),
)
OPTIONAL = ("markdown", "comments", "blocks")
"""Columns that a run leaves out unless they are asked for."""

QUARANTINE = (
    Column("id", "string", "as above"),
    Column("url", "string", "address the page was captured from"),
    Column("host", "string", "host name of `url`, in lower case"),
    Column("stage", "string", "`read` or `clean`"),
    Column("reason", "string", "a word, for counting"),
    Column("detail", "string", "what happened, in words"),
    Column("captured_at", "string", "ISO 8601, UTC"),
    Column("bytes_in", "integer", "bytes of the page (characters if it came as text)"),
    Column("raw", "string", "the bytes as Base64; if asked for"),
    Column("extra", "json", "other columns of the input row"),
    Column("source", "source", "where the record or the gap stands in the input"),
    Column("schema_version", "string", "version of this table"),
    Column("cleaner_version", "string", "version of the package"),
    Column("config_hash", "string", "as above"),
)
TIMES = (
    Column("id", "string", "as above"),
    Column("ms", "number", "time that cleaning took"),
)


def page_columns(asked: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return the columns of a page's row; ``asked`` names optional ones to include."""
    return tuple(c for c in PAGE if c.name not in OPTIONAL or c.name in asked)


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Return the columns as an Arrow schema, with the version in its metadata."""
    import pyarrow as pa

    fields = [pa.field(column.name, arrow_type(column.type)) for column in columns]
    return pa.schema(fields, metadata={"cleaner.schema_version": SCHEMA_VERSION})


def arrow_type(name: str) -> pa.DataType:
    """Return the Arrow type of a column's type."""
    import pyarrow as pa

    if name in STRUCTS:
        columns, is_list = STRUCTS[name]
        struct = pa.struct([(column.name, arrow_type(column.type)) for column in columns])
        return pa.list_(struct) if is_list else struct
    plain = {
        "string": pa.string(),
        "json": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "strings": pa.list_(pa.string()),
    }
    return plain[name]
