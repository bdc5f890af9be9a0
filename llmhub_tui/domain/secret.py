"""A value that must not be seen."""

from __future__ import annotations


class Secret:
    """Wraps an API key so that no `repr`, log line, traceback or f-string can show it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Takes the key; white space around it, as editors leave it, is dropped.

        Raises:
            ValueError: if it is not printable ASCII, without naming it.
        """
        value = value.strip()
        if not value or not all("!" <= char <= "~" for char in value):
            raise ValueError("an API key must be printable ASCII without spaces")
        self._value = value

    def reveal(self) -> str:
        """The key itself, for the one place that sends it."""
        return self._value

    def redact(self, text: str) -> str:
        """`text` with every occurrence of the key replaced."""
        return text.replace(self._value, "[key removed]")

    def __repr__(self) -> str:
        return "Secret('…')"

    def __reduce__(self) -> str:
        raise TypeError("a Secret cannot be pickled")
