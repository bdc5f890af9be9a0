"""Chunks whose JSON is not quite what is documented, and reasoning in all its places."""

from __future__ import annotations

import json

from wire.case import (
    DONE,
    HELLO,
    ROLE,
    STOP,
    WHOLE,
    WORDS,
    Case,
    Expected,
    chunk,
    response,
    say,
    stream,
)

from llmhub_tui.domain.endings import Ending

COUNT = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
NO_COUNT = {"usage": None}


def choice(index: int, text: str) -> dict[str, object]:
    """One of several choices."""
    return {"index": index, "delta": {"content": text}, "finish_reason": None}


def choices(*parts: dict[str, object]) -> str:
    """A chunk with these choices."""
    return json.dumps({"choices": parts})


def oddly(text: str) -> str:
    """A chunk with types that are none of the documented ones."""
    return json.dumps(
        {"created": "17.5", "choices": [{"index": "0", "delta": {"content": text}, "finish_reason": ""}]}
    )


def without_reason(text: str) -> str:
    """A chunk that has no finish reason, not even null."""
    return json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]})


def legacy(text: str, reason: str | None = None) -> str:
    """A chunk of the completions API that came before chat."""
    return json.dumps({"object": "text_completion", "choices": [{"text": text, "finish_reason": reason}]})


ENTIRE = {
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"content": HELLO}, "finish_reason": "stop"}],
    "usage": COUNT,
}
THOUGHT = "Let me think."


def thought(*deltas: dict[str, str]) -> Case:
    """Reasoning, and then the reply."""
    return Case((stream(*map(chunk, deltas), STOP, DONE),), Expected(reasoning=THOUGHT))


CASES = {
    "choices null, empty or missing": Case(
        (stream('{"choices": null}', WORDS[0], '{"choices": []}', '{"id": "x"}', *WHOLE[1:]),)
    ),
    "text behind the finish reason": Case((stream(*WORDS[:3], STOP, say("ld!"), DONE),)),
    "content null": Case(
        (stream(chunk({"role": None, "content": None}), *WORDS, chunk({"content": None}, "stop")),)
    ),
    "content as a list": Case((stream(chunk({"content": [{"type": "text", "text": HELLO}]}), STOP, DONE),)),
    "delta null": Case((stream(*WORDS, chunk(None, "stop"), DONE),)),
    "the last text with the finish reason": Case(
        (stream(*WORDS[:3], chunk({"content": "ld!"}, "stop"), DONE),)
    ),
    "an array, a string, a number": Case((stream("[1]", *WORDS, '"x"', "7", STOP, DONE),)),
    "two choices, the second first": Case(
        (stream(choices(choice(1, "Other")), choices(choice(1, "!"), choice(0, HELLO)), STOP, DONE),)
    ),
    "no finish reason until the end": Case(
        (stream(*map(without_reason, ("Hello, ", "world!")), STOP, DONE),)
    ),
    "legacy completions": Case((stream(legacy("Hello, "), legacy("world!"), legacy("", "stop"), DONE),)),
    "usage with an empty delta": Case(
        (stream(*WORDS, STOP, json.dumps({"choices": [{"delta": {}}], "usage": COUNT}), DONE),),
        Expected(finish_reason="stop", total_tokens=13),
    ),
    "usage without choices": Case(
        (stream(*WORDS, STOP, json.dumps({"choices": [], "usage": COUNT}), DONE),), Expected(total_tokens=13)
    ),
    "usage null in every chunk": Case(
        (stream(chunk({"content": HELLO}, **NO_COUNT), chunk({}, "stop", **NO_COUNT)),)
    ),
    "types that are not documented": Case((stream(oddly("Hello, "), oddly("world!"), STOP, DONE),)),
    "error null in every chunk": Case((stream(*(chunk({"content": HELLO}, error=None), STOP), DONE),)),
    "a whole completion instead of a stream": Case(
        (response(json.dumps(ENTIRE, indent=1).encode(), head="Content-Type: application/json"),),
        Expected(total_tokens=13),
    ),
    "reasoning": thought({"reasoning": THOUGHT}, {"content": HELLO}),
    "reasoning_content": thought(
        {"reasoning_content": "Let me "}, {"reasoning_content": "think."}, {"content": HELLO}
    ),
    "reasoning twice": thought({"reasoning": THOUGHT, "reasoning_content": THOUGHT}, {"content": HELLO}),
    "think tags": thought(
        *({"content": part} for part in ("<th", "ink>\nLet me think.\n</", f"think>\n\n{HELLO}"))
    ),
    "only the closing think tag": thought({"content": THOUGHT}, {"content": f"</think>{HELLO}"}),
    "a thought that the limit cut": Case(
        (stream(ROLE, say("<think>Let me think about this for a"), chunk({}, "length"), DONE),),
        Expected(Ending.LENGTH, "", "Let me think about this for a"),
    ),
}
