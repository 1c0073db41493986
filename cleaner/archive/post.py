"""Frames over a socket that never blocks: the other side may have stopped for good."""

from __future__ import annotations

import socket
from collections import deque

from cleaner.archive.worker import HEAD

_CHUNK = 1 << 20


class Post:
    """One end of a socket pair. Frames put are sent as the other side takes them."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.sock = sock
        self._out: deque[memoryview] = deque()
        self._in = bytearray()

    @classmethod
    def pair(cls) -> tuple[Post, socket.socket]:
        """Return an end, and the socket of the other."""
        ours, theirs = socket.socketpair()
        return cls(ours), theirs

    @property
    def pending(self) -> bool:
        """Whether something is still to be sent."""
        return bool(self._out)

    def put(self, frame: bytes) -> None:
        """Send a frame, as much of it as goes now."""
        self._out.extend((memoryview(HEAD.pack(len(frame))), memoryview(frame)))
        self.write()

    def write(self) -> None:
        """Send what goes now. A closed other side is no error here: reading tells."""
        try:
            while self._out:
                sent = self.sock.send(self._out[0])
                if sent == len(self._out[0]):
                    self._out.popleft()
                else:
                    self._out[0] = self._out[0][sent:]
        except BlockingIOError:
            return
        except OSError:
            self._out.clear()

    def read(self) -> tuple[list[bytes], bool]:
        """Return the frames that have arrived whole, and whether the other side is open."""
        open_ = True
        try:
            while chunk := self.sock.recv(_CHUNK):
                self._in += chunk
            open_ = False
        except BlockingIOError:
            pass
        except OSError:
            open_ = False
        return self._frames(), open_

    def close(self) -> None:
        """Close this end."""
        self.sock.close()

    def _frames(self) -> list[bytes]:
        frames: list[bytes] = []
        start = 0
        while len(self._in) - start >= HEAD.size:
            end = start + HEAD.size + HEAD.unpack_from(self._in, start)[0]
            if end > len(self._in):
                break
            frames.append(bytes(self._in[start + HEAD.size : end]))
            start = end
        del self._in[:start]
        return frames
