"""Other programs' exports are read with their branches; what can't be read is said, and the rest is there."""

from __future__ import annotations

import json

from hypothesis import given, settings
from support.foreign_exports import CLAUDE, OPEN_WEBUI, chatgpt
from support.trees import conversations

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.imported import Found, Unreadable
from llmhub_tui.domain.messages import Attachment, Role, ToolCall
from llmhub_tui.export.as_json import to_json
from llmhub_tui.export.reading import read_text


def read_one(record: object) -> tuple[Found, list[Unreadable]]:
    """The one conversation in a record, and what could not be read."""
    entries = list(read_text(json.dumps([record])))
    [found] = [entry for entry in entries if isinstance(entry, Found)]
    return found, [entry for entry in entries if isinstance(entry, Unreadable)]


def said(conversation: Conversation) -> list[tuple[Role, str]]:
    """Who says what on the open path."""
    return [(message.role, message.text) for message in conversation.path()]


def test_chatgpt_with_its_branches() -> None:
    found, unread = read_one(chatgpt())
    conversation = found.conversation
    assert (conversation.id, conversation.title, found.archived) == ("chatgpt-conv-1", "Sky", True)
    assert (conversation.created_at, found.updated_at) == (1.7e9, 1.7e9 + 60)
    assert said(conversation) == [
        (Role.USER, "Why is the sky blue?\n\n[image: file-1]"),
        (Role.ASSISTANT, ""),
        (Role.ASSISTANT, "Scattering."),
        (Role.ASSISTANT, "````python\nx = '```'\n````"),
        (Role.ASSISTANT, "```\ndone\n```"),
        (Role.USER, "Thanks"),
    ]
    reply = conversation["chatgpt-conv-1/a1"]
    assert (reply.model, reply.ending, reply.created_at) == ("gpt-4o", Ending.LENGTH, 1.7e9)
    assert conversation["chatgpt-conv-1/think"].reasoning == "Rayleigh"
    assert conversation.siblings("chatgpt-conv-1/a2") == ("chatgpt-conv-1/think", "chatgpt-conv-1/a2")
    assert [(entry.where, entry.why) for entry in unread] == [
        ("entry 1 “Sky”, message odd", "content of the type 'hologram' holds no text"),
        ("entry 1 “Sky”, message mute", "it does not say who speaks"),
    ]


def test_claude_with_thoughts_tools_and_attachments() -> None:
    found, unread = read_one(CLAUDE)
    conversation = found.conversation
    assert (conversation.id, conversation.title) == ("claude-0c1", "Cats")
    assert (conversation.created_at, found.updated_at) == (1740823200.0, 1740826800.0)
    assert said(conversation) == [
        (Role.USER, "Hi"),
        (Role.ASSISTANT, "Hello.\n\n```\n3 cats\n```"),
        (Role.USER, "Bye"),
    ]
    reply = conversation["claude-0c1/m2"]
    assert (reply.reasoning, reply.tool_calls) == ("hm", (ToolCall("t1", "search", '{"q": "cats"}'),))
    assert conversation["claude-0c1/m1"].attachments == (
        Attachment("a.txt", "text/plain", b"inside"),
        Attachment("b.png", "application/octet-stream", b""),
    )
    assert [entry.where for entry in unread] == ["entry 1 “Cats”, message 3"]


def test_claude_with_branches() -> None:
    first, second = ({"uuid": name, "sender": "human", "text": name} for name in ("a", "b"))
    replies = [
        {"uuid": f"{name}2", "sender": "assistant", "text": "r", "parent_message_uuid": name}
        for name in "aab"
    ]
    replies[1]["uuid"] = "a3"
    record = {"uuid": "x", "chat_messages": [first, second, *replies], "current_leaf_message_uuid": "a2"}
    found, _ = read_one(record)
    assert [message.id for message in found.conversation.path()] == ["claude-x/a", "claude-x/a2"]
    assert found.conversation.siblings("claude-x/a2") == ("claude-x/a2", "claude-x/a3")


def test_open_webui_with_its_branches() -> None:
    found, unread = read_one(OPEN_WEBUI)
    conversation = found.conversation
    assert (conversation.id, conversation.title) == ("openwebui-w1", "Web")
    assert (found.pinned, found.archived, found.tags) == (True, False, ("work",))
    assert said(conversation) == [(Role.USER, "Q"), (Role.ASSISTANT, "One")]
    reply, failed = conversation["openwebui-w1/r1"], conversation["openwebui-w1/r2"]
    assert (reply.model, reply.created_at) == ("llama", 1_700_000_001.0)
    assert reply.usage is not None
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.total_tokens) == (3, 4, 7)
    assert (failed.ending, failed.failure and failed.failure.message) == (Ending.ERROR, "down")
    assert unread == []


def test_reading_twice_finds_the_same_ids() -> None:
    for record in (chatgpt(), CLAUDE, OPEN_WEBUI, {"chat_messages": CLAUDE["chat_messages"]}):
        first, second = read_one(record)[0].conversation, read_one(record)[0].conversation
        assert first.id == second.id
        assert first.messages == second.messages


@settings(max_examples=40, deadline=None)
@given(conversations())
def test_our_own_json_is_read_exactly(conversation: Conversation) -> None:
    [found] = read_text(to_json(conversation))
    assert isinstance(found, Found)
    assert found.conversation.messages == conversation.messages
    assert found.conversation.chosen == conversation.chosen
