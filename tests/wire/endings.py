"""Ends that are ends, and ends that only look like it; errors within a success, and failures."""

from __future__ import annotations

from wire.case import (
    DONE,
    ROLE,
    STOP,
    WHOLE,
    WORDS,
    Case,
    Expected,
    chunk,
    chunked,
    cut,
    data,
    failed,
    problem,
    response,
    say,
    stream,
)

from llmhub_tui.domain.endings import Ending

PART = data(ROLE, say("Hello"), say(", wor"))
MID_EVENT = data(ROLE, say("Hello")) + b'data: {"id":"c","obj'
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
OK = stream(*WHOLE)
AGAIN = Expected(requests=2)
HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
BUSY = '{"error": {"message": "Rate limit reached", "type": "rate_limit"}}'


def after_hello(event: bytes) -> bytes:
    """A success that turns into an error."""
    return response(data(ROLE, say("Hello")) + event)


ENDS = {
    "[DONE] alone": Case((stream(*WORDS, DONE),)),
    "a finish reason alone": Case((stream(*WORDS, STOP),), Expected(finish_reason="stop")),
    "a finish reason, and the socket stays open": Case(
        (response(data(*WHOLE[:-1]), whole=False),), end="hang"
    ),
    "a rest that goes on exactly": Case((chunked(PART), stream(say("ld!"), STOP, DONE)), AGAIN),
    "a rest that repeats all there is first": Case((chunked(PART), stream(*WHOLE)), AGAIN),
    "neither of them, closed in good order": Case((chunked(PART),), cut("Hello, wor")),
    "neither of them, closed without a length": Case((UNTIL_CLOSED + PART,), cut("Hello, wor")),
    "a body that is shorter than it says": Case((response(PART, whole=False),), cut("Hello, wor")),
    "a chunked body without its end": Case((chunked(PART, last=b""),), cut("Hello, wor")),
    "a reset": Case((chunked(PART, last=b""),), cut("Hello, wor"), end="rst"),
    "cut in the middle of an event": Case((chunked(MID_EVENT, last=b""),), cut("Hello")),
    "a keep-alive for ever": Case(
        (chunked(data(say("Hello")), b": hi\n\n" * 50, last=b""),), cut("Hello"), end="hang"
    ),
    "nothing but a finish reason": Case(
        (stream(ROLE, STOP, DONE),), Expected(Ending.EMPTY, "", finish_reason="stop")
    ),
    "the content filter": Case(
        (stream(say("Hello"), chunk({}, "content_filter"), DONE),),
        Expected(Ending.FILTERED, "Hello", finish_reason="content_filter"),
    ),
    "the token limit": Case(
        (stream(say("Hello"), chunk({}, "length"), DONE),), Expected(Ending.LENGTH, "Hello")
    ),
    "a server out of resources": Case(
        (stream(say("Hello"), chunk({}, "insufficient_system_resource"), DONE),),
        Expected(Ending.INCOMPLETE, "Hello", finish_reason="insufficient_system_resource"),
    ),
    "a refusal": Case(
        (stream(ROLE, chunk({"refusal": "I can't "}), chunk({"refusal": "help."}), STOP, DONE),),
        Expected(Ending.REFUSAL, "", refusal="I can't help."),
    ),
}
WITHIN = {
    "an error in mid-reply": Case(
        (after_hello(data('{"error": {"message": "overloaded"}}')),), failed("overloaded", text="Hello")
    ),
    "an error as a string": Case(
        (after_hello(data('{"error": "model runner died"}')),), failed("model runner", text="Hello")
    ),
    "an error event": Case(
        (after_hello(b'event: error\ndata: {"message": "overloaded"}\n\n'),),
        failed("overloaded", text="Hello"),
    ),
    "a bare error line": Case((after_hello(b"error: it broke\n\n"),), failed("it broke", text="Hello")),
    "an error object": Case(
        (after_hello(data('{"object": "error", "message": "bad"}')),), failed("bad", text="Hello")
    ),
    "an error with a number for a code": Case(
        (stream('{"error": {"code": 429, "message": "Rate limited"}}'),), failed("Rate limited", requests=5)
    ),
    "an error as the whole body": Case(
        (problem("200 OK", {"error": {"message": "overloaded"}}),), failed("overloaded", requests=5)
    ),
    "a web page": Case(
        (problem("200 OK", HTML.format("Log in"), "Content-Type: text/html"),), failed("HTML page")
    ),
    "an empty answer": Case((b"HTTP/1.1 204 No Content\r\n\r\n",), failed("empty")),
}
FAILURES = {
    "too long": Case(
        (problem("400 Bad Request", {"error": {"message": "exceeds the context size"}}),),
        failed("context size"),
    ),
    "an error that is a class": Case(
        (problem("400 Bad Request", {"error": "SyntaxError", "message": "Unexpected token", "status": 400}),),
        failed("SyntaxError"),
    ),
    "a key that is wrong": Case((problem("401 Unauthorized", b""),), failed("401")),
    "no credit": Case(
        (problem("402 Payment Required", {"error": {"message": "Insufficient credits"}}),), failed("credits")
    ),
    "no such model": Case(
        (problem("404 Not Found", {"error": {"message": "model x does not exist"}}),),
        failed("does not exist"),
    ),
    "too large for a proxy": Case((problem("413 Too Large", HTML.format("413 Too Large")),), failed("413")),
    "an error 500 for a missing key": Case(
        (problem("500 Oops", {"error": {"message": "Internal server error"}}),),
        failed("Internal", requests=5),
    ),
    "an error 500 that is labeled as events": Case(
        (problem("500 Oops", {"error": "TypeError"}, "Content-Type: text/event-stream"),),
        failed("TypeError", requests=5),
    ),
    "details in a list": Case(
        (problem("422 Unprocessable", {"detail": [{"msg": "field required"}]}),), failed("field required")
    ),
    "busy, a date in the past": Case(
        (problem("429 Busy", BUSY, "Retry-After: Mon, 01 Jan 2024 00:00:00 GMT"), OK), AGAIN
    ),
    "busy for a moment": Case((problem("429 Busy", BUSY, "Retry-After: 0"), OK), AGAIN),
    "busy for some milliseconds": Case((problem("429 Busy", BUSY, "retry-after-ms: 20"), OK), AGAIN),
    "busy for longer than is waited": Case(
        (problem("429 Busy", BUSY, "Retry-After: 3600"),), failed("Rate limit")
    ),
    "out of order twice": Case(
        (problem("503 Down", b""), problem("503 Down", b""), OK), Expected(requests=3)
    ),
    "a proxy's error page": Case((problem("502 Bad Gateway", HTML.format("502")), OK), AGAIN),
    "a timeout of the server": Case((problem("408 Request Timeout", b""), OK), AGAIN),
    "a conflict": Case((problem("409 Conflict", b""), OK), AGAIN),
    "closed without a byte, once": Case((b"", OK), AGAIN),
    "closed without a byte, always": Case((b"",), failed("connection", requests=5)),
    "no answer at all": Case((b"",), failed("no first token", requests=2), end="hang"),
}
CASES = {**ENDS, **WITHIN, **FAILURES}
