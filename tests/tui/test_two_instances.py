"""Two chats on one file: each sees what the other saves, and neither mixes with the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.app import WALL, Stage, until_idle, until_open
from support.scripted import saying
from support.talks import saved_talks
from tui.test_history import until_listed, until_shown

from llmhub_tui.domain.messages import Message
from llmhub_tui.store.library import Library


def texts(messages: Sequence[Message]) -> list[str]:
    """What they say."""
    return [message.text for message in messages]


async def test_the_list_shows_what_another_instance_says(tmp_path: Path) -> None:
    ours, theirs = saved_talks(tmp_path, WALL), Library(tmp_path)
    here, there = Stage(saved=ours), Stage([saying("fine")], saved=theirs)
    async with here.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+b")
        await until_listed(pilot, "Sourdough")
        async with there.app.run_test(size=(80, 24)) as other:
            await until_open(other)
            await other.press(*"from elsewhere", "enter")
            await until_idle(other)
        await until_listed(pilot, "from elsewhere")
    ours.close()
    theirs.close()


async def test_the_same_conversation_open_twice_becomes_two_branches(tmp_path: Path) -> None:
    ours, theirs = saved_talks(tmp_path, WALL), Library(tmp_path)
    here = Stage([saying("our reply")], saved=ours, ids="a")
    there = Stage([saying("their reply")], saved=theirs, ids="b")
    async with here.app.run_test(size=(80, 24)) as pilot, there.app.run_test(size=(80, 24)) as other:
        for each, stage in ((pilot, here), (other, there)):
            await until_open(each)
            await stage.app.open_conversation("kant")
            await until_shown(each, "What can I know?")
        for each, words in ((pilot, "ours"), (other, "theirs")):
            await each.press(*words, "enter")
            await until_idle(each)
        assert texts(here.client.requests[0].messages)[-1] == "ours"
        assert "ours" not in texts(there.client.requests[0].messages)
        await here.app.open_conversation("kant")  # what the other has said stands beside ours
        await until_shown(pilot, "‹2/2›\ntheirs\n")
        here.app.chat.step_attempt("b1", -1)
        await until_shown(pilot, "‹1/2›\nours\n")
    ours.close()
    theirs.close()
    conversation, _ = Library(tmp_path).load("kant")
    assert texts(conversation.before("a2")) == ["Kant in one page", "What can I know?", "ours"]
    assert texts(conversation.before("b2")) == ["Kant in one page", "What can I know?", "theirs"]
