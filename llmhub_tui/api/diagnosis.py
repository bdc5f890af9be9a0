"""What may be wrong with a base URL, told from what came instead of a reply; pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from llmhub_tui.api.server_words import ServerWords, find_words, is_html
from llmhub_tui.domain.errors import ChatError, ErrorKind

_TWICE: Final = re.compile(r"(/v\d+)\1\b")
_SPEAKS_TLS: Final = re.compile(
    r"https port|to an https server|illegal (?:status|request) line", re.IGNORECASE
)
"""What nginx and Go say to plain http on an https port, and what our reader says of a TLS alert."""
_ENDPOINTS: Final = ("/chat/completions", "/completions", "/models", "/responses")


def url_advice(base_url: str, words: ServerWords, kind: ErrorKind) -> str:
    """What may be wrong with the base URL; empty where nothing points to it."""
    parts = urlsplit(base_url)
    path = parts.path.rstrip("/")
    if _SPEAKS_TLS.search(words.text):
        return f"The server speaks https on this port; try {_with(parts, path, scheme='https')}."
    if kind is not ErrorKind.PROTOCOL:
        return ""
    if twice := _TWICE.search(path):
        return f"The base URL has {twice[1]} twice; try {_with(parts, _TWICE.sub(twice[1], path))}."
    for endpoint in _ENDPOINTS:
        if path.endswith(endpoint):
            return f"The base URL ends before {endpoint}; try {_with(parts, path.removesuffix(endpoint))}."
    if not re.search(r"/v\d+\w*$", path):
        return f"An OpenAI-compatible API usually ends in /v1; try {_with(parts, path + '/v1')}."
    if words.text and words.code != "html":
        return "The server does not know what was asked for; check the model and the base URL."
    return "Check the base URL: there is no chat completions API at this address."


def _with(parts: SplitResult, path: str, *, scheme: str = "") -> str:
    return f"{scheme or parts.scheme}://{parts.netloc}{path}"


def unlike_a_reply(
    base_url: str, stray: bytes, *, events: bool, status: int, content_type: str
) -> ChatError | None:
    """What explains a success status without a reply; an empty event stream needs no explanation.

    Args:
        base_url: that was asked.
        stray: what came outside of events.
        events: whether events came, though none of them belonged to a reply.
        status: of the response.
        content_type: its header, as it was sent.
    """
    text = stray.decode("utf-8", "replace")
    kind = content_type.partition(";")[0].strip().lower()
    if is_html(text):
        message = f"an HTML page came instead of a reply: {find_words(text).text}"
    elif text.strip():
        message = f"what came is no chat completion: {find_words(text).text[:200]}"
    elif events and kind != "text/event-stream":
        message = "the answer is JSON, but no chat completion"
    elif status == 204 or kind != "text/event-stream":
        message = f"the answer is empty (HTTP {status})"
    else:
        return None
    advice = url_advice(base_url, ServerWords(""), ErrorKind.PROTOCOL)
    return ChatError(ErrorKind.PROTOCOL, message, advice=advice, status=status)
