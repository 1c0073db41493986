"""The errors of the package, one small tree.

CleanerError
├── CaptureError            the input cannot be read as a page
│   ├── EmptyCaptureError   no bytes, or white space alone
│   ├── CharsetError        the character set named by the caller is unknown
│   ├── MediaTypeError      not a page: an image, a PDF, an archive, ...
│   ├── DecodeError         a content encoding (gzip, Brotli, ...) is broken or unknown
│   └── TooLargeError       larger than the cap, before or after decoding
├── ParseError              the parser gave nothing back
├── OptionError             an option has a value that is not one of its values
├── ModelError              a labeler's weights are missing, or do not belong together
├── WorkerError             a process that cleans pages died
├── SiteError               site templates are missing, unreadable, or do not belong together
└── ArchiveError            an archive cannot be cleaned to its end
    ├── InputError          an input is missing, or nothing that a reader is for
    ├── OutputError         the output is another run's, or another run is writing it
    ├── StoppedError        the run stopped; the same command goes on from there
    └── PoolError           no worker can be started
"""


class CleanerError(Exception):
    """Base of every error that the package raises on purpose."""


class CaptureError(CleanerError):
    """The input cannot be read as a page."""


class EmptyCaptureError(CaptureError):
    """The input holds no bytes, or white space alone."""


class CharsetError(CaptureError):
    """The character set that the caller named is unknown."""


class MediaTypeError(CaptureError):
    """The input is no page: an image, a PDF, an archive, ..."""


class DecodeError(CaptureError):
    """A content encoding is broken, unknown, or its library is not installed."""


class TooLargeError(CaptureError):
    """The input is larger than the cap, before or after decoding."""


class ParseError(CleanerError):
    """The parser gave nothing back for a page that is not empty."""


class OptionError(CleanerError, ValueError):
    """An option has a value that is not one of its values."""


class ModelError(CleanerError):
    """A labeler's weights are missing, or do not belong together."""


class WorkerError(CleanerError):
    """A process that cleans pages died: out of memory, or stopped by someone."""


class SiteError(CleanerError):
    """Site templates are missing, unreadable, or do not belong together."""


class ArchiveError(CleanerError):
    """An archive cannot be cleaned to its end."""


class InputError(ArchiveError):
    """An input is missing, or is nothing that a reader is for."""


class OutputError(ArchiveError):
    """The output holds another run's results, or another run is writing it."""


class StoppedError(ArchiveError):
    """The run stopped before its end; the same command goes on from there."""


class PoolError(ArchiveError):
    """No worker can be started."""
