"""A turn's events as JSON, one object a line."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, assert_never

from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.events import (
    Connecting,
    ContentEvent,
    Event,
    FirstToken,
    Joined,
    NotSaved,
    ReasoningArrived,
    Recast,
    ReplyFinished,
    Resuming,
    RetryScheduled,
    RoundStarted,
    TextArrived,
    ToolCallArrived,
    ToolEvent,
    ToolFinished,
    ToolRequested,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    TurnStopped,
    UsageReported,
    Waiting,
)
from llmhub_tui.domain.messages import Message
from llmhub_tui.domain.tools import problem_of

Fields = dict[str, Any]


def as_json_line(event: Event, requests: int) -> str:
    """One line, pure ASCII, so that no terminal or tool that reads it can be driven by its content.

    Args:
        event: of a turn.
        requests: how many requests were made so far; reported at the end as `attempts`.
    """
    return json.dumps(_fields(event, requests), ensure_ascii=True, separators=(", ", ": "))


def _fields(event: Event, requests: int) -> Fields:
    fields: Fields
    if isinstance(event, ToolEvent):
        return _tool_fields(event)
    if isinstance(event, ContentEvent):
        return _content_fields(event)
    match event:
        case TurnStarted(reply):
            fields = {"event": "started", "model": reply.model}
        case Connecting(attempt):
            fields = {"event": "connecting", "attempt": attempt}
        case Waiting():
            fields = {"event": "waiting"}
        case FirstToken(after_s):
            fields = {"event": "first_token", "after_s": round(after_s, 3)}
        case RetryScheduled(in_s, attempt, error):
            fields = {"event": "retry", "in_s": round(in_s, 3), "attempt": attempt, "error": _error(error)}
        case Resuming(kept_chars, in_s, error):
            fields = {"event": "resuming", "kept_chars": kept_chars, "in_s": round(in_s, 3)}
            fields["error"] = _error(error)
        case UsageReported(usage):
            fields = {"event": "usage", **asdict(usage)}
        case NotSaved(reason):
            fields = {"event": "not_saved", "reason": reason}
        case TurnFinished(reply) | TurnStopped(reply) | TurnFailed(reply, _):
            fields = _ended(reply, requests)
        case _ as never:
            assert_never(never)
    return fields


def _content_fields(event: ContentEvent) -> Fields:
    match event:
        case TextArrived(text):
            return {"event": "text", "text": text}
        case ReasoningArrived(text):
            return {"event": "reasoning", "text": text}
        case Recast():
            return {"event": "recast"}
        case Joined(at):
            return {"event": "joined", "at": at}
        case ToolCallArrived(index, call):
            return {"event": "tool_call", "index": index, **asdict(call)}
        case _ as never:
            assert_never(never)


def _tool_fields(event: ToolEvent) -> Fields:
    match event:
        case ReplyFinished(reply):
            return {"event": "reply", "text": reply.text, "tool_calls": _calls(reply)}
        case ToolRequested(_, call):
            return {"event": "tool_requested", **asdict(call)}
        case ToolStarted(_, call):
            return {"event": "tool_started", "id": call.id, "name": call.name}
        case ToolFinished(message, call):
            return {"event": "tool_finished", "id": call.id, "name": call.name, **_result(message)}
        case RoundStarted(number, limit, _):
            return {"event": "round", "number": number, "limit": limit}
        case _ as never:
            assert_never(never)


def _ended(reply: Message, requests: int) -> Fields:
    failure = reply.failure
    refusal = failure.message if failure is not None and failure.kind == "refusal" else None
    return {
        "event": "ended",
        "ending": reply.ending.value if reply.ending is not None else None,
        "text": reply.text,
        "reasoning": reply.reasoning,
        "tool_calls": _calls(reply),
        "finish_reason": reply.finish_reason,
        "seams": list(reply.seams),
        "usage": asdict(reply.usage) if reply.usage is not None else None,
        "model": reply.model,
        "attempts": requests,
        "refusal": refusal,
        "error": None
        if failure is None or refusal is not None
        else {"kind": failure.kind, "message": failure.message},
    }


def _calls(reply: Message) -> list[Fields]:
    return [asdict(call) for call in reply.tool_calls]


def _result(message: Message) -> Fields:
    problem = problem_of(message)
    return {
        "result": message.text,
        "problem": problem.value if problem is not None else None,
        "duration_s": round(message.duration_s, 3),
    }


def _error(error: ChatError | None) -> Fields | None:
    return None if error is None else {"kind": error.kind.value, "message": error.message}
