"""Send, retry, continue and edit are one path, and keep every attempt."""

from __future__ import annotations

import pytest
from support.scripted import saying
from support.sessions import Rig, ended, joined, play
from support.virtual_time import run

from llmhub_tui.domain.conversation import Place
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.events import TurnStarted
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.session.history import sendable


def test_a_retry_stands_beside_the_old_reply() -> None:
    async def main() -> None:
        rig = Rig(saying("first"), saying("second"))
        first = ended(await play(await rig.session.send("hi")))
        second = ended(await play(await rig.session.retry(first.id)))
        assert [message.text for message in rig.conversation.path()] == ["hi", "second"]
        assert rig.conversation.siblings(second.id) == (first.id, second.id)
        assert rig.conversation.place(first.id) == Place(1, 2)
        assert rig.client.requests[0].messages == rig.client.requests[1].messages

    run(main)


def test_a_continued_reply_keeps_its_text_and_the_cut_attempt() -> None:
    async def main() -> None:
        rig = Rig(saying("The quick brown ", reason="length"), saying("fox jumps."))
        cut = ended(await play(await rig.session.send("hi")))
        assert cut.ending is Ending.LENGTH
        events = await play(await rig.session.resume(cut.id))
        whole = ended(events)
        started = events[0]
        assert isinstance(started, TurnStarted)
        assert started.reply.text + joined(events) == whole.text == "The quick brown fox jumps."
        assert whole.kept_chars == len("The quick brown ")
        assert rig.client.requests[1].messages[-1].text == "The quick brown "
        assert rig.conversation[cut.id].text == "The quick brown "
        assert rig.conversation.siblings(whole.id) == (cut.id, whole.id)

    run(main)


def test_an_edited_prompt_branches() -> None:
    async def main() -> None:
        rig = Rig(saying("one"), saying("two"))
        await play(await rig.session.send("first wording"))
        prompt = rig.conversation.path()[0]
        await play(await rig.session.edit(prompt.id, "second wording"))
        assert [message.text for message in rig.conversation.path()] == ["second wording", "two"]
        rig.conversation.choose(prompt.id)
        assert [message.text for message in rig.conversation.path()] == ["first wording", "one"]

    run(main)


def test_the_whole_path_is_sent_and_the_title_comes_from_the_first_prompt() -> None:
    async def main() -> None:
        rig = Rig(saying("one"), saying("two"))
        await play(await rig.session.send("What is a monad?\nExplain."))
        await play(await rig.session.send("And a functor?"))
        sent = [(message.role, message.text) for message in rig.client.requests[1].messages]
        assert sent == [
            (Role.USER, "What is a monad?\nExplain."),
            (Role.ASSISTANT, "one"),
            (Role.USER, "And a functor?"),
        ]
        assert rig.conversation.title == "What is a monad?"

    run(main)


def test_only_prompts_are_edited_and_only_replies_are_retried() -> None:
    async def main() -> None:
        rig = Rig(saying("one"))
        reply = ended(await play(await rig.session.send("hi")))
        with pytest.raises(ValueError, match="no prompt"):
            await rig.session.edit(reply.id, "x")
        with pytest.raises(ValueError, match="no reply"):
            await rig.session.retry(rig.conversation.path()[0].id)

    run(main)


def test_servers_are_sent_no_empty_reply_and_no_unanswered_call() -> None:
    messages = [
        Message("1", None, Role.USER, "a"),
        Message("2", "1", Role.ASSISTANT),
        Message(
            "3", "2", Role.ASSISTANT, "b", tool_calls=(ToolCall("x", "f", "{}"), ToolCall("y", "f", "{}"))
        ),
        Message("4", "3", Role.TOOL, "result", tool_call_id="y"),
    ]
    sent = sendable(messages)
    assert [message.id for message in sent] == ["1", "3", "4"]
    assert sent[1].tool_calls == (ToolCall("y", "f", "{}"),)
