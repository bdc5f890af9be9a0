"""What a server says of an error, found in whatever shape it says it; pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from llmhub_tui.api.sse import NOTHING, parse_json
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.secret import redacted

_DEEPEST: Final = 16
_LONGEST: Final = 500
"""Characters of a server's words that are kept."""
_LOOKED_AT: Final = 64 << 10
_EXCEPTION: Final = re.compile(r"[A-Z]\w*(?:Error|Exception)$")
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_HTML: Final = re.compile(r"^\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_TOO_LONG: Final = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long"
    r"|exceeds? the (?:model|context)",
    re.IGNORECASE,
)
_QUOTA: Final = re.compile(
    r"insufficient[_ ](?:quota|credits?|balance)|billing|out of credits?", re.IGNORECASE
)
_MODEL: Final = re.compile(
    r"\bmodel\b.*(?:not exist|not found|unknown|does not|not available|invalid)", re.IGNORECASE
)
_BUSY: Final = re.compile(r"overloaded|capacity|rate.?limit|try again", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServerWords:
    """An error as a server states it."""

    text: str
    code: str = ""
    """Its `code` or `type`, lower case."""
    status: int | None = None


def is_html(text: str) -> bool:
    """Whether a body is a web page."""
    return bool(_HTML.match(text))


def find_words(body: object, depth: int = 0) -> ServerWords:
    """The words in an error's body: an object of any known shape, or text.

    Args:
        body: what was sent.
        depth: how deep in the body this is; too deep, nothing is looked for.
    """
    if depth > _DEEPEST:
        return ServerWords("")
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if isinstance(body, str):
        stripped = body.strip()
        if stripped[:1] in "{[":
            value = parse_json(stripped.encode("utf-8", "replace"))
            if value is not NOTHING:
                return find_words(value, depth + 1)
        if is_html(stripped):
            title = _TITLE.search(stripped)
            return ServerWords(_clean(title[1]) if title else "a web page", "html")
        return ServerWords(_clean(stripped))
    if isinstance(body, list):
        return find_words(body[0], depth + 1) if body else ServerWords("")
    if isinstance(body, dict):
        return _of_object(body, depth)
    return ServerWords("")


def _of_object(body: dict[str, Any], depth: int) -> ServerWords:
    error = body.get("error")
    if isinstance(error, dict):
        inner = find_words(error, depth + 1)
        return inner if inner.text else ServerWords(_clean(json.dumps(error)), inner.code, inner.status)
    code = next((str(body[key]) for key in ("code", "type") if body.get(key) not in (None, "error")), "")
    status = next((int(value) for key in ("status", "code") if isinstance(value := body.get(key), int)), None)
    names = (body.get("error"), body.get("type"))
    exception = next((name for name in names if isinstance(name, str) and _EXCEPTION.match(name)), "")
    for key in ("message", "detail", "msg", "error", "error_description", "title"):
        value = body.get(key)
        if isinstance(value, str) and value.strip():
            text = f"{exception}: {value}" if exception and exception not in value else value
            return ServerWords(_clean(text), code.lower(), status)
        if isinstance(value, list | dict) and value:
            found = find_words(value, depth + 1)
            if found.text:
                return ServerWords(found.text, code.lower(), status)
    return ServerWords("", code.lower(), status)


def _clean(text: str) -> str:
    text = redacted(text[:_LOOKED_AT])  # before anything is cut, since half a key is found by nobody
    text = " ".join(text[: 4 * _LONGEST].split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def error_from_body(body: object, status: int | None = None, retry_after_s: float | None = None) -> ChatError:
    """The error that a body describes.

    Args:
        body: JSON, text or bytes, of an error response or of an event in mid-stream.
        status: the HTTP status; `None` within a stream that began well.
        retry_after_s: how long the server asks to wait.
    """
    words = find_words(body)
    code = status or (words.status if words.status and 400 <= words.status < 600 else None)
    kind = kind_of(code, words)
    text = words.text or words.code or "the server reported an error without a word"
    if status is not None and (not words.text or words.code == "html"):
        text = (
            f"HTTP {status}: {words.text}" if words.text else f"HTTP {status} without a word of explanation"
        )
    retryable = None
    if status is not None and kind not in (ErrorKind.QUOTA, ErrorKind.AUTH, ErrorKind.TOO_LONG):
        retryable = status in (408, 409, 429) or status >= 500
    return ChatError(kind, text, status=status, retry_after_s=retry_after_s, retryable=retryable)


_BY_STATUS: Final = {
    401: ErrorKind.AUTH,
    402: ErrorKind.QUOTA,
    403: ErrorKind.AUTH,
    404: ErrorKind.PROTOCOL,
    405: ErrorKind.PROTOCOL,
    407: ErrorKind.PROXY,
    413: ErrorKind.TOO_LONG,
    429: ErrorKind.RATE_LIMIT,
}


def kind_of(status: int | None, words: ServerWords) -> ErrorKind:
    """What kind of error a status and its words amount to; the words are more precise."""
    said = f"{words.code} {words.text}"
    if _QUOTA.search(said) and status in (None, 402, 403, 429):
        return ErrorKind.QUOTA
    if _TOO_LONG.search(said) and (status is None or status < 500 or "context" in said.lower()):
        return ErrorKind.TOO_LONG
    if status in (None, 400, 404, 422) and (_MODEL.search(said) or "model_not_found" in said):
        return ErrorKind.MODEL
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status is not None and status < 500:
        return ErrorKind.BAD_REQUEST
    if status is None and _BUSY.search(said) and "rate" in said.lower():
        return ErrorKind.RATE_LIMIT
    return ErrorKind.SERVER
