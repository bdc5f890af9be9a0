"""A value that must not be seen."""

from __future__ import annotations

import re
from typing import ClassVar, Final
from urllib.parse import quote

_REMOVED: Final = "[key removed]"
_SHORTEST: Final = 8
"""Characters below which a key is none, such as the `none` and `ollama` of servers on this machine."""
_LOOKS: Final = re.compile(r"\b(?:sk|pk|rk|gsk|key|xai)-[\w-]{8,}|(?i:bearer)\s+[\w.~+/=-]{8,}")
"""What looks like a key, wherever it came from."""
_NAMES: Final = re.compile(r"API_?KEY$", re.IGNORECASE)
"""Names of variables that hold keys."""


class Secret:
    """Wraps an API key so that no `repr`, log line, traceback or f-string can show it."""

    __slots__ = ("_value",)
    _seen: ClassVar[set[str]] = set()
    """Every key that this process has had, as it is and as a part of a web address, for `redacted`."""

    def __init__(self, value: str) -> None:
        """Takes the key; white space around it, as editors leave it, is dropped.

        Raises:
            ValueError: if it is not printable ASCII, without naming it.
        """
        value = value.strip()
        if not value or not all("!" <= char <= "~" for char in value):
            raise ValueError("an API key must be printable ASCII without spaces")
        self._value = value
        if len(value) >= _SHORTEST:
            Secret._seen |= {value, quote(value, safe="")}

    def reveal(self) -> str:
        """The key itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('…')"

    def __reduce__(self) -> str:
        raise TypeError("a Secret cannot be pickled")


def redacted(text: str) -> str:
    """`text` without any key that this process knows, and without what looks like one."""
    for value in sorted(Secret._seen, key=len, reverse=True):  # a copy: another thread may read a key
        if value in text:
            text = text.replace(value, _REMOVED)
    return _LOOKS.sub(_REMOVED, text)


def is_key_name(name: str) -> bool:
    """Whether an environment variable of this name holds an API key."""
    return bool(_NAMES.search(name))
