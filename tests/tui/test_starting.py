"""What can be done between the first frame and the moment when everything is loaded."""

from __future__ import annotations

import threading

import pytest
from support.app import Stage, until_idle, until_open, until_screen
from support.scripted import saying

from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.commands import COMMANDS
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.dialogs.help import HelpScreen
from llmhub_tui.tui.opening import Opening
from llmhub_tui.tui.widgets.composer import Composer
from llmhub_tui.tui.widgets.welcome import Welcome

KEYS = [key for command in COMMANDS for key in command.keys.split(",") if key and command.id != "app.quit"]


@pytest.mark.parametrize("key", KEYS)
async def test_no_key_is_too_early(key: str) -> None:
    held = threading.Event()
    stage = Stage([saying("an answer")], held=held)
    async with stage.app.run_test() as pilot:
        await pilot.press(key, "escape", "escape")
        held.set()
        await until_open(pilot)
        stage.app.chat.composer.clear()
        stage.app.chat.composer.focus()
        await pilot.press(*"hello", "enter")
        await until_idle(pilot)
        reply = stage.app.chat.last_reply()
        assert reply is not None and reply.text == "an answer"


async def test_a_prompt_that_was_sent_too_early_is_not_lost_by_quitting_without_a_question() -> None:
    held = threading.Event()
    stage = Stage([saying("an answer")], held=held)
    async with stage.app.run_test() as pilot:
        await pilot.press(*"hello", "enter", "ctrl+q")
        await until_screen(pilot, ConfirmDialog)
        await pilot.press("escape")
        held.set()
        await until_open(pilot)
        await until_idle(pilot)
        reply = stage.app.chat.last_reply()
        assert reply is not None and reply.text == "an answer"


async def test_a_dialog_that_is_quicker_than_its_styles_gets_them() -> None:
    class Quick(ChatApp):
        def on_load(self) -> None:
            self.call_later(self.action_help)

    stage = Stage(make_app=Quick)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_screen(pilot, HelpScreen)
        await until_open(pilot)
        page = stage.app.screen.query("Page").first()
        assert page.styles.border_top[0] == "round"
        assert page.region.width == 90


async def test_a_prompt_that_is_quicker_than_the_styles_of_the_pane_gets_them() -> None:
    class Quick(ChatApp):
        def on_ready(self) -> None:
            self.on_composer_submitted(Composer.Submitted(self.chat.composer, "hello"))

    stage = Stage([saying("an answer")], make_app=Quick)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await until_idle(pilot)
        chat = stage.app.chat
        assert chat.attachments.styles.max_height is not None
        assert chat.transcript.styles.scrollbar_size_vertical == 1


@pytest.mark.parametrize("resume", [False, True])
async def test_who_resumes_a_conversation_is_not_told_how_to_begin_one(resume: bool) -> None:
    held = threading.Event()
    stage = Stage(held=held)
    app = ChatApp(stage.app._open_workspace, Opening(resume=resume))
    async with app.run_test() as pilot:
        welcome = app.chat.query_one(Welcome)
        assert welcome.region.height > 10
        assert bool(welcome.query("Static").first().region) is not resume
        held.set()
        await until_open(pilot)
        assert bool(welcome.query("Static").first().region)
