"""A request as the JSON that servers take; pure."""

from __future__ import annotations

import base64
import json
from typing import Any, Final, Literal

from llmhub_tui.domain.messages import Attachment, Message, Role
from llmhub_tui.domain.requests import ChatRequest

Continuation = Literal["auto", "last", "prefix", "flags", "message"]
"""How a server is asked to go on from a partial reply.

`last`: the assistant's message comes last, and nothing else. `prefix`: the same with `prefix: true`
(DeepSeek, Mistral). `flags`: the same with `continue_final_message` and `add_generation_prompt`
(vLLM). `message`: a user message asks for the rest. `auto`: as the server's kind is known to take it,
otherwise `last`; see `api.continuation`.
"""
CONTINUE: Final = (
    "Your last message was cut off. Continue it exactly where it stops, in the middle of a word if need be. "
    "Repeat nothing and add no preamble."
)


def body_of(request: ChatRequest, continuation: Continuation = "auto") -> dict[str, Any]:
    """The request's body, without `stream` and `stream_options`."""
    messages = [_message(message) for message in request.messages]
    if request.system:
        messages.insert(0, {"role": "system", "content": request.system})
    body: dict[str, Any] = {"model": request.model, "messages": messages}
    if request.messages and request.messages[-1].role is Role.ASSISTANT:
        _continue(body, "message" if request.in_words else continuation)
    parameters = request.parameters
    for name in ("temperature", "top_p", "max_tokens", "seed", "reasoning_effort"):
        value = getattr(parameters, name)
        if value is not None:
            body[name] = value
    if parameters.stop:
        body["stop"] = list(parameters.stop)
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": json.loads(tool.schema),
                },
            }
            for tool in request.tools
        ]
        if parameters.tool_choice is not None:
            body["tool_choice"] = _tool_choice(parameters.tool_choice)
        if parameters.parallel_tool_calls is not None:
            body["parallel_tool_calls"] = parameters.parallel_tool_calls
    return {name: _sendable(part) for name, part in body.items()}


def _tool_choice(choice: str) -> str | dict[str, Any]:
    if choice in ("auto", "none", "required"):
        return choice
    return {"type": "function", "function": {"name": choice}}


def _continue(body: dict[str, Any], continuation: Continuation) -> None:
    match continuation:
        case "message":
            body["messages"].append({"role": "user", "content": CONTINUE})
        case "prefix":
            body["messages"][-1]["prefix"] = True
        case "flags":
            body |= {"continue_final_message": True, "add_generation_prompt": False}
        case _:
            pass


def _message(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = {"role": message.role.value, "content": message.text}
    if message.attachments:
        parts = [_part(attachment) for attachment in message.attachments]
        found["content"] = [*parts, {"type": "text", "text": message.text}]
    if message.role is Role.TOOL:
        found["tool_call_id"] = message.tool_call_id
    if message.tool_calls:
        found["content"] = message.text or None
        found["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _arguments(call.arguments)},
            }
            for call in message.tool_calls
        ]
    return found


def _arguments(text: str) -> str:
    """A call's arguments as servers can read them back: those of a cut call are left out."""
    try:
        return text if isinstance(json.loads(text), dict) else "{}"
    except (ValueError, RecursionError):
        return "{}"


def _part(attachment: Attachment) -> dict[str, Any]:
    if attachment.media_type.startswith("image/"):
        data = base64.b64encode(attachment.data).decode("ascii")
        return {"type": "image_url", "image_url": {"url": f"data:{attachment.media_type};base64,{data}"}}
    text = attachment.data.decode("utf-8", "replace")
    return {"type": "text", "text": f"File {attachment.name}:\n\n{text}"}


def _sendable(value: object) -> object:
    """The value with text that can be encoded; half characters, which cuts and shells leave, are dropped."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    if isinstance(value, list):
        return [_sendable(part) for part in value]
    if isinstance(value, dict):
        return {_sendable(name): _sendable(part) for name, part in value.items()}
    return value
