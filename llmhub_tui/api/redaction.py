"""Keeps keys out of what is shown and recorded of the wire; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from llmhub_tui.domain.secret import Secret
from llmhub_tui.domain.wire import Headers

REMOVED: Final = "[key removed]"
_OPENS_DOORS: Final = re.compile(r"auth|key|token|secret|cookie|password|credential|signature", re.IGNORECASE)
"""Names of headers whose values are nobody's business."""
_SHORTEST: Final = 8
"""Characters: a shorter secret occurs by chance, so it is removed from headers only."""


class Redactor:
    """Knows the secrets of one endpoint, and takes them out of texts and streams of bytes."""

    def __init__(self, key: Secret | None, headers: Mapping[str, str]) -> None:
        """Takes the key, and the profile's headers, some of which may be as secret as a key."""
        values = {value for name, value in headers.items() if _OPENS_DOORS.search(name)}
        secrets = values | {word for value in values for word in value.split()}  # `Bearer` and the token
        if key is not None:
            secrets.add(key.reveal())
        secrets |= {json.dumps(secret)[1:-1] for secret in secrets}  # as it stands in JSON
        self._secrets = sorted((one for one in secrets if len(one) >= _SHORTEST), key=len, reverse=True)

    def text(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, REMOVED)
        return text

    def headers(self, items: Iterable[tuple[str, str]]) -> Headers:
        """Headers without secrets; their names stay."""
        return tuple(
            (name, REMOVED if _OPENS_DOORS.search(name) else self.text(value)) for name, value in items
        )

    def stream(self) -> StreamRedactor:
        """For a body that comes in pieces."""
        return StreamRedactor([secret.encode("utf-8", "replace") for secret in self._secrets])

    def __repr__(self) -> str:
        return "Redactor(…)"


class StreamRedactor:
    """Takes secrets out of bytes, also where one is split between two pieces."""

    def __init__(self, secrets: list[bytes]) -> None:
        """Takes the secrets, longest first."""
        self._secrets = secrets
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Takes a piece; returns what is sure to hold no secret, perhaps with the end of the last one."""
        if not self._secrets:
            return data
        data = self._held + data
        for secret in self._secrets:
            data = data.replace(secret, REMOVED.encode())
        keep = max(_begun(data, secret) for secret in self._secrets)
        self._held = data[len(data) - keep :]
        return data[: len(data) - keep]

    def flush(self) -> bytes:
        """The stream has ended: what looked like the beginning of a secret is none."""
        held, self._held = self._held, b""
        return held


def _begun(data: bytes, secret: bytes) -> int:
    """How many bytes at the end may be the beginning of a secret."""
    longest = min(len(data), len(secret) - 1)
    return next((size for size in range(longest, 0, -1) if data.endswith(secret[:size])), 0)
