"""An exchange in words: its summary, and the lines of its details; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import Enum, auto
from typing import NamedTuple

from llmhub_tui.domain.plain import plain, plain_line
from llmhub_tui.domain.wire import Came, Ended, Headers, How
from llmhub_tui.domain.wire_log import Exchange
from llmhub_tui.tui.wire.plot import bars, span


class Tone(Enum):
    """What a line is, as far as it decides its color."""

    TITLE = auto()
    TEXT = auto()
    QUIET = auto()


class Told(NamedTuple):
    """A line of the details; safe for a terminal."""

    text: str
    tone: Tone = Tone.TEXT


def outcome(exchange: Exchange, now: float) -> str:
    """Status, times and sizes in one line."""
    parts = [f"HTTP {exchange.answered.status}" if exchange.answered else "no answer yet"]
    parts.append(_state(exchange, now))
    if exchange.first_token_s is not None:
        parts.append(f"first token {span(exchange.first_token_s)}")
    if exchange.per_second is not None:
        unit = "tokens/s" if exchange.tokens else "pieces/s"
        parts.append(f"{exchange.per_second:.0f} {unit}")
    if exchange.count:
        parts.append(f"{exchange.size / 1000:.1f} kB in {exchange.count} reads")
    return " · ".join(parts)


def _state(exchange: Exchange, now: float) -> str:
    ended = exchange.ended
    if ended is None:
        since = exchange.came_at or (exchange.answered.at if exchange.answered else exchange.asked.at)
        return f"running, last data {span(max(0.0, now - since))} ago"
    took = span(max(0.0, ended.at - exchange.asked.at))
    match ended.how:
        case How.WHOLE:
            return f"ended after {took}"
        case How.CLOSED:
            return f"closed by us after {took}"
        case How.FAILED:
            return f"failed after {took}: {plain_line(ended.error, 60)}"


def pauses(exchange: Exchange, width: int) -> str:
    """The gaps between the pieces as a plot, with what it does not say."""
    gaps = tuple(exchange.gaps)
    if not gaps:
        return "no gaps yet"
    median = sorted(gaps)[len(gaps) // 2]
    words = f"  median {span(median)}, longest {span(max(gaps))}"
    return bars(gaps, max(8, width - len(words))) + words


def opening(exchange: Exchange) -> Iterator[Told]:
    """The request and the response's head."""
    asked = exchange.asked
    yield Told("Request", Tone.TITLE)
    yield Told(plain_line(f"{asked.method} {asked.url}", 2000))
    yield from _headers(asked.headers)
    yield Told("")
    yield from _body(asked.body)
    if exchange.answered is not None:
        yield Told("")
        yield Told("Response", Tone.TITLE)
        yield Told(f"HTTP {exchange.answered.status}")
        yield from _headers(exchange.answered.headers)
        yield Told("")
        yield Told("Events as they came, in seconds since the request", Tone.TITLE)


def events(pieces: Iterable[Came], since: float) -> Iterator[Told]:
    """Pieces of the body, each with its time."""
    for piece in pieces:
        text = piece.data.decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()]
        for number, line in enumerate(lines or [""]):
            stamp = f"{piece.at - since:9.3f}  " if not number else " " * 11
            yield Told(stamp + _safe(line, 20_000))


def closing(ended: Ended) -> Told:
    """The last line."""
    words = {How.WHOLE: "the end", How.CLOSED: "closed by us", How.FAILED: "the connection failed"}[ended.how]
    detail = ": ".join(part for part in (ended.error, ended.detail) if part)
    return Told(plain_line(f"— {words}{f' ({detail})' if detail else ''}", 500), Tone.QUIET)


def _safe(line: str, longest: int) -> str:
    """A line as it is, indented as it is, safe for a terminal."""
    shown = plain(line[: longest + 1]).replace("\n", " ").expandtabs(4)
    return shown if len(line) <= longest else f"{shown[:longest]}…"


def _headers(headers: Headers) -> Iterator[Told]:
    for name, value in headers:
        yield Told(plain_line(f"{name}: {value}", 2000), Tone.QUIET)


def _body(body: str) -> Iterator[Told]:
    with suppress(ValueError, RecursionError):
        body = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    for line in body.splitlines():
        yield Told(_safe(line, 2000))
