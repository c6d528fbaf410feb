"""Writing to standard output and standard error whatever they are, a closed pipe included."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO


class Stream:
    """Standard output or standard error, as bytes: UTF-8 whatever the locale says.

    When the reader has gone away (`| head`) the rest is dropped in silence and `closed` is true:
    files that are being repaired must not stop half-way because nobody reads about it. Other
    errors are raised as OSError if what is written is `vital`.
    """

    def __init__(self, stream: TextIO | None, vital: bool) -> None:
        self._stream = stream
        self._vital = vital
        self.closed = stream is None

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines, adding the line feeds."""
        self.write("".join(f"{line}\n" for line in lines))

    def write(self, text: str) -> None:
        r"""Write text; surrogates that stand for bytes as these, other lone ones like `\ud800`."""
        try:
            data = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            data = text.encode("utf-8", "backslashreplace")
        self.write_bytes(data)

    def write_bytes(self, data: bytes) -> None:
        """Write bytes and flush."""
        if self.closed or self._stream is None:
            return
        try:
            self._stream.flush()
            self._stream.buffer.write(data)
            self._stream.buffer.flush()
        except OSError as error:
            self.closed = True
            # What is still in the buffers goes nowhere when the interpreter flushes them at exit.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
            if self._vital and not isinstance(error, BrokenPipeError):
                raise

    def colours(self, wish: str) -> bool:
        """Tell whether to use colours; `wish` is `auto`, `always` or `never`.

        `auto`: on a terminal, unless NO_COLOR is set and not empty (https://no-color.org).
        """
        if wish == "auto":
            dull = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
            return self.terminal and not dull
        return wish == "always"

    @property
    def terminal(self) -> bool:
        """Whether a person looks at it directly."""
        return self._stream is not None and self._stream.isatty()


def output() -> Stream:
    """Return standard output as it is now."""
    return Stream(sys.stdout, vital=True)


def messages() -> Stream:
    """Return standard error as it is now."""
    return Stream(sys.stderr, vital=False)
