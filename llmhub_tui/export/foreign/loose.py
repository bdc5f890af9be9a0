"""Reads values out of JSON that promises nothing about its shape."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

_MILLI: Final = 1e11
"""Seconds do not reach this number before the year 5138; what is above it counts in smaller units."""


def items(value: object) -> list[object]:
    """A list, or nothing."""
    return value if isinstance(value, list) else []


def fields(value: object) -> dict[str, object]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """A string, or the empty one."""
    return value if isinstance(value, str) else ""


def flag(value: object) -> bool:
    """Whether something is true, and not merely there."""
    return value is True or value == 1


def count(value: object) -> int:
    """A whole number, or zero."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 62 else 0


def seconds(value: object) -> float:
    """A time as seconds since the Unix epoch: from a number in any unit, or ISO 8601; else zero."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return 0.0
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    number = float(value)
    while number > _MILLI:
        number /= 1000
    return max(0.0, number)


def name_of(value: object, *keys: str) -> str:
    """The id that an object has under one of these keys; without one, a digest of all of it."""
    known = fields(value)
    for key in keys:
        if isinstance(found := known.get(key), str) and found:
            return found
    packed = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(packed.encode()).hexdigest()[:32]


def fenced(code: str, language: str = "") -> str:
    """Code as Markdown, in a fence that is longer than any inside it."""
    longest = max((len(run) for run in _runs(code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def _runs(code: str) -> Iterator[str]:
    run = ""
    for letter in code + "\n":
        if letter == "`":
            run += letter
        elif run:
            yield run
            run = ""
