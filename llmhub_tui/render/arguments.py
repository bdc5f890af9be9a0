"""A call's arguments for reading, also while they still arrive. Nothing is ever run from this reading."""

from __future__ import annotations

import json
from typing import Any, Final

import jiter

_LONGEST: Final = 64 << 10
"""Characters of arguments that are read for the preview; the rest waits for the whole."""


def readable(arguments: str, *, whole: bool) -> str:
    """The arguments as `name: value` lines; text that is no JSON object stays as it is.

    Args:
        arguments: JSON text, perhaps cut at any place.
        whole: whether all of it has come, so that text that ends too early is shown raw.
    """
    text = arguments[:_LONGEST]
    if not text.strip():
        return ""
    try:
        data = text.encode("utf-8", "replace")
        value: Any = jiter.from_json(data, partial_mode="off" if whole else "trailing-strings")
    except ValueError:
        return arguments
    if not isinstance(value, dict):
        return arguments
    return "\n".join(_pair(name, item) for name, item in value.items())


def _pair(name: str, value: object) -> str:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if "\n" not in shown:
        return f"{name}: {shown}"
    return f"{name}:\n" + "\n".join(f"  {line}" for line in shown.splitlines())
