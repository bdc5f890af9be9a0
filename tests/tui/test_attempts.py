"""Another version of a prompt, and a conversation that forks: nothing that was there goes away."""

from __future__ import annotations

from support.app import Stage, shown, until_idle, until_open
from support.scripted import saying
from support.talks import talk


async def test_an_edited_prompt_stands_beside_the_old_one_and_the_draft_comes_back() -> None:
    stage = Stage([saying("another reply")], conversation=talk())
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"draft")
        stage.app.chat.transcript.focus()
        await pilot.press("alt+up", "alt+up", "alt+up", "e")
        await pilot.pause()
        composer = stage.app.chat.composer
        assert composer.text == "first prompt"
        await pilot.press("!", "enter")
        await until_idle(pilot)
        assert "\u20392/2\u203a\nfirst prompt!" in shown(stage.app)
        assert "another reply" in shown(stage.app)
        assert "second prompt" not in shown(stage.app)
        assert composer.text == "draft"
        stage.app.chat.transcript.focus()
        await pilot.press("alt+up", "alt+up", "left")
        await pilot.pause()
        assert "\u20391/2\u203a\nfirst prompt\n" in shown(stage.app)
        assert "second reply" in shown(stage.app)
        await pilot.press("right")
        await pilot.pause()
        assert "another reply" in shown(stage.app)
    assert [message.text for message in stage.client.requests[0].messages] == ["first prompt!"]


async def test_a_fork_takes_all_up_to_a_reply_and_is_saved() -> None:
    stage = Stage([saying("ok")], conversation=talk())
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        stage.app.chat.transcript.focus()
        await pilot.press("alt+up", "alt+up", "alt+up", "alt+down", "f")
        for _ in range(200):
            await pilot.pause(0.01)
            if stage.library.kept:
                break
        await pilot.pause()
        assert "first reply" in shown(stage.app)
        assert "second" not in shown(stage.app)
    assert [message.text for message in stage.library.kept[0].messages] == ["first prompt", "first reply"]
    assert len(stage.conversation) == 4


async def test_a_fork_at_a_prompt_leaves_it_in_the_composer() -> None:
    stage = Stage([saying("ok")], conversation=talk())
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        stage.app.chat.transcript.focus()
        await pilot.press("alt+up", "alt+up", "f")
        while stage.app.chat.composer.text != "second prompt":
            await pilot.pause(0.01)
        await pilot.press("enter")
        await until_idle(pilot)
        assert "first reply" in shown(stage.app)
    assert [message.text for message in stage.client.requests[0].messages] == [
        "first prompt",
        "first reply",
        "second prompt",
    ]
