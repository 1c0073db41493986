"""Opening and writing Parquet files for templates and sketches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.errors import SiteError

if TYPE_CHECKING:
    import pyarrow as pa

Write = Callable[[Sequence[dict[str, Any]]], None]


@contextmanager
def parquet_writer(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """Yield what writes rows as a row group; the file gets its name when all is well.

    Raises ``SiteError`` if pyarrow is not there or the file cannot be written.
    """
    import_pyarrow()
    import pyarrow as pa
    from pyarrow import parquet

    temporary = path.with_name(path.name + ".tmp")
    try:
        with parquet.ParquetWriter(temporary, schema, compression="zstd") as writer:
            yield lambda rows: writer.write_table(pa.Table.from_pylist(list(rows), schema=schema))
        temporary.replace(path)
    except OSError as error:
        raise SiteError(f"{path}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def open_parquet(path: Path, key: bytes, version: bytes) -> Any:
    """Return a Parquet file whose metadata has ``version`` under ``key``. Raises ``SiteError``."""
    import_pyarrow()
    from pyarrow import ArrowException, parquet

    try:
        file = parquet.ParquetFile(path)
    except (OSError, ArrowException) as error:
        raise SiteError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    found = (file.schema_arrow.metadata or {}).get(key)
    if found != version:
        file.close()
        raise SiteError(f"{path}: not a file of {key.decode()} in version {version.decode()}")
    return file


def import_pyarrow() -> None:
    """Raise ``SiteError`` if pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise SiteError(
            "the library 'pyarrow' is not installed: install the extra 'archive' "
            "(pip install 'cleaner[archive]')"
        ) from error
