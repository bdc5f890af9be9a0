"""Small exports as other programs write them."""

from __future__ import annotations

from typing import Any


def node(name: str, parent: str | None, role: str, *parts: Any, **more: Any) -> dict[str, Any]:
    """A node as ChatGPT's export has it."""
    content = more.pop("content", {"content_type": "text", "parts": list(parts)})
    message = {"id": name, "author": {"role": role}, "create_time": 1.7e9, "content": content, **more}
    return {"id": name, "parent": parent, "children": [], "message": message}


def chatgpt() -> dict[str, Any]:
    """Two attempts at a reply, the first of them open, and things that are no text."""
    nodes = [
        {"id": "root", "parent": None, "children": [], "message": None},
        node("sys", "root", "system", ""),
        node(
            "u1",
            "sys",
            "user",
            "Why is the sky blue?",
            {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"},
        ),
        node(
            "think",
            "u1",
            "assistant",
            content={"content_type": "thoughts", "thoughts": [{"content": "Rayleigh"}]},
        ),
        node(
            "a1",
            "think",
            "assistant",
            "Scattering.",
            metadata={"model_slug": "gpt-4o", "finish_details": {"type": "max_tokens"}},
        ),
        node("a2", "u1", "assistant", "Physics."),
        node(
            "code",
            "a1",
            "assistant",
            content={"content_type": "code", "language": "python", "text": "x = '```'"},
        ),
        node("out", "code", "tool", content={"content_type": "execution_output", "text": "done"}),
        node("odd", "out", "assistant", content={"content_type": "hologram", "data": 1}),
        node("mute", "odd", "nobody", "x"),
        node("u2", "mute", "user", "Thanks"),
    ]
    return {
        "conversation_id": "conv-1",
        "title": "Sky",
        "create_time": 1.7e9,
        "update_time": 1.7e9 + 60,
        "is_archived": True,
        "current_node": "u2",
        "mapping": {entry["id"]: entry for entry in nodes},
    }


CLAUDE: dict[str, Any] = {
    "uuid": "0c1",
    "name": "Cats",
    "created_at": "2025-03-01T10:00:00.000000Z",
    "updated_at": "2025-03-01T11:00:00+00:00",
    "chat_messages": [
        {
            "uuid": "m1",
            "sender": "human",
            "text": "Hi",
            "created_at": "2025-03-01T10:00:00Z",
            "attachments": [{"file_name": "a.txt", "extracted_content": "inside"}],
            "files": [{"file_name": "b.png"}],
        },
        {
            "uuid": "m2",
            "sender": "assistant",
            "text": "flat",
            "content": [
                {"type": "thinking", "thinking": "hm"},
                {"type": "text", "text": "Hello."},
                {"type": "tool_use", "id": "t1", "name": "search", "input": {"q": "cats"}},
                {"type": "tool_result", "content": [{"type": "text", "text": "3 cats"}]},
            ],
        },
        {"uuid": "m3", "sender": "robot", "text": "?"},
        {"uuid": "m4", "sender": "human", "text": "Bye"},
    ],
}
OPEN_WEBUI: dict[str, Any] = {
    "id": "w1",
    "title": "Web",
    "created_at": 1_700_000_000,
    "updated_at": 1_700_000_100,
    "pinned": True,
    "archived": False,
    "meta": {"tags": ["work"]},
    "chat": {
        "history": {
            "currentId": "r1",
            "messages": {
                "r1": {
                    "id": "r1",
                    "parentId": "q",
                    "role": "assistant",
                    "content": "One",
                    "model": "llama",
                    "timestamp": 1_700_000_001_000,
                    "usage": {"prompt_eval_count": 3, "eval_count": 4},
                },
                "q": {
                    "id": "q",
                    "parentId": None,
                    "role": "user",
                    "content": [{"type": "text", "text": "Q"}],
                },
                "r2": {
                    "id": "r2",
                    "parentId": "q",
                    "role": "assistant",
                    "content": "",
                    "error": {"content": "down"},
                },
            },
        }
    },
}
