"""Undoes a content encoding that was not asked for, in small steps; pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from llmhub_tui.domain.errors import ChatError, ErrorKind

_STEP: Final = 1 << 16
"""Bytes that one step yields at the most, so that 100 kB that unfold to 1 GB never exist as a whole."""


class Inflater:
    """Turns a body's bytes into what they were before the server compressed them."""

    def __init__(self, encoding: str) -> None:
        """Takes the `Content-Encoding` header.

        Raises:
            ChatError: for an encoding that this program does not read; it never asks for one.
        """
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise ChatError(ErrorKind.PROTOCOL, f"the server sent its answer in the encoding {name[:20]!r}")
        self.active = name not in ("", "identity")
        """Whether there is anything to undo."""
        self._zlib = None if name in ("", "identity") else zlib.decompressobj(47)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yields the plain bytes.

        Raises:
            ChatError: if the data is damaged.
        """
        if self._zlib is None:
            yield data
            return
        try:
            while data and not self._zlib.eof:
                yield self._zlib.decompress(data, _STEP)
                data = self._zlib.unconsumed_tail
        except zlib.error as error:
            raise ChatError(ErrorKind.NETWORK, "the compressed answer is damaged") from error
