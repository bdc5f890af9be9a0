"""Reads the arguments of a tool call, strictly: what was consented to is what runs."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_DEEPEST: Final = 64
"""Levels of nesting; no tool needs as many, and a parser may not survive more."""
_LONGEST: Final = 512 << 10
"""Characters; a call above is a mistake of the model."""
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class ArgumentsError(ValueError):
    """The arguments are not what a tool may be run with. The message says why, for user and model."""


def read_arguments(text: str) -> dict[str, Any]:
    """The arguments as an object; no text at all stands for no arguments.

    Whatever two readers could understand in two ways is refused: a name that is there twice, text
    behind the end, an end that is missing, numbers that JSON does not have, half a character.

    Raises:
        ArgumentsError: saying what is wrong.
    """
    if len(text) > _LONGEST:
        raise ArgumentsError(f"the arguments are too long ({len(text):,} characters)")
    if not text.strip():
        return {}
    _check_depth(text)
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise ArgumentsError(_said(error, text)) from error
    except UnicodeEncodeError as error:
        raise ArgumentsError("the arguments hold half a character (a lone surrogate)") from error
    except ArgumentsError:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise ArgumentsError(f"the arguments hold a number that is too long: {error}") from error
    if not isinstance(value, dict):
        raise ArgumentsError("the arguments are no JSON object")
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > _DEEPEST:
                raise ArgumentsError(f"the arguments are nested more than {_DEEPEST} levels deep")
        elif token[0] in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ArgumentsError(f"the arguments give {twice[:60]!r} twice")
    return found


def _no_number(name: str) -> float:
    raise ArgumentsError(f"the arguments hold {name}, which is no JSON")


def _said(error: json.JSONDecodeError, text: str) -> str:
    if error.msg == "Extra data":
        return f"there is text behind the arguments' end (at character {error.pos})"
    if error.pos >= len(text.rstrip()) or "Unterminated" in error.msg:
        return "the arguments are incomplete"
    return f"the arguments are no valid JSON: {error.msg} at character {error.pos}"
