"""Event streams that are framed, labeled or packed in odd ways, and say the same."""

from __future__ import annotations

import gzip
import json

from wire.case import DONE, HELLO, STOP, WHOLE, WORDS, Case, Expected, chunked, data, response, say, stream

from llmhub_tui.domain.endings import Ending

PLAIN = response(data(*WHOLE))


def lines(value: str) -> bytes:
    """A value over several `data:` lines."""
    pretty = json.dumps(json.loads(value), indent=1)
    return "".join(f"data: {line}\n" for line in pretty.splitlines()).encode() + b"\n"


def labeled(kind: str) -> Case:
    """The plain stream under another label."""
    return Case((response(data(*WHOLE), head=kind),))


NAMED = b"".join(
    b"event: message\nid: %d\ndata: %s\n\n" % (at, part.encode()) for at, part in enumerate(WHOLE)
)
PING = b'event: ping\ndata: {"type": "ping"}\n\n'
GLUED = b'data: {"id":"c","object":"chat.completion.c' + data(*WORDS[2:], STOP, DONE)
PACKED = gzip.compress(data(*WHOLE))
ZIPPED = "Content-Type: text/event-stream\r\nContent-Encoding: gzip"
HTTP10 = b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + data(*WHOLE)

CASES = {
    "as documented": Case((PLAIN,), Expected(finish_reason="stop")),
    "byte order mark": Case((response(b"\xef\xbb\xbf" + data(*WHOLE)),)),
    "comment wrapped as data": Case((stream(": PROCESSING", WHOLE[0], ": PROCESSING", *WHOLE[1:]),)),
    "comments and then nothing": Case(
        (response(b": keep-alive\n\n" * 20),), Expected(Ending.EMPTY, "", requests=1)
    ),
    "bare CR": Case((response(data(*WHOLE, end="\r\r")),)),
    "CRLF, a byte at a time": Case((response(data(*WHOLE, end="\r\n\r\n")),), piece=1),
    "events behind [DONE]": Case((stream(*WHOLE, say(" more"), '{"choices": [], "usage": {}}'),)),
    "event names and ids": Case((response(NAMED),)),
    "a frame cut, the next glued on": Case((response(data(*WORDS[:2]) + GLUED),)),
    "labeled as JSON": labeled("Content-Type: application/json"),
    "labeled as text": labeled("Content-Type: text/plain; charset=utf-8"),
    "not labeled": labeled("X-Served-By: a proxy"),
    "one object over several lines": Case((response(b"".join(map(lines, WHOLE[:-1])) + data(DONE)),)),
    "a ping with data": Case((response(PING + data(*WHOLE[:3]) + PING + data(*WHOLE[3:])),)),
    "one newline between events": Case((response(data(*WHOLE, end="\n")),)),
    "retry line and empty data": Case((response(b"retry: 9\n\ndata:\n\n" + data(*WHOLE)),)),
    "no space behind data:": Case((response(data(*WHOLE).replace(b"data: ", b"data:")),)),
    "early hints first": Case((b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + PLAIN,)),
    "continue first": Case((b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,)),
    "gzip that nobody asked for": Case((response(PACKED, head=ZIPPED),)),
    "gzip without its end": Case((response(PACKED[:-6], head=ZIPPED),)),
    "HTTP/1.0": Case((HTTP10,)),
    "in drops": Case((PLAIN,), piece=20),
    "chunk extension and trailer": Case((chunked(data(*WHOLE), last=b"0;x=y\r\nX-Sum: 1\r\n\r\n"),)),
    "bytes that are no UTF-8": Case(
        (response(data(*WORDS[:1], say("Hello ?? ok"), STOP, DONE).replace(b"??", b"\xff\xfe")),),
        Expected(text="Hello \ufffd\ufffd ok"),
    ),
    "a line separator within JSON": Case(
        (response(data(json.dumps(json.loads(say("a\u2028b")), ensure_ascii=False), STOP, DONE)),),
        Expected(text="a\u2028b"),
    ),
    "a character cut between two reads": Case(
        (stream(say("né 猫 😀"), STOP, DONE),), Expected(text="né 猫 😀"), 1
    ),
    "bare JSON lines": Case((response("\n".join(WHOLE[:-1]).encode() + b"\n"),)),
    "chunked in good order": Case((chunked(data(*WHOLE[:2]), data(*WHOLE[2:])),), Expected(text=HELLO)),
}
