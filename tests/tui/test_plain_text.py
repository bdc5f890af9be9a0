"""The conversation as lines of text, without a picture."""

from __future__ import annotations

import pytest
from support.app import Stage, until_idle, until_open
from support.scripted import saying

from llmhub_tui.tui.plain_copy import pager_command


@pytest.mark.parametrize(
    ("environ", "there", "command"),
    [
        ({"PAGER": "most -s"}, {"most", "less"}, ["most", "-s"]),
        ({"PAGER": "gone"}, {"less", "more"}, ["less"]),
        ({}, {"more"}, ["more"]),
        ({}, set(), []),
    ],
)
def test_the_users_own_pager_is_taken_and_else_what_is_there(
    environ: dict[str, str], there: set[str], command: list[str]
) -> None:
    assert pager_command(environ, lambda name: name if name in there else None) == command


async def test_it_says_why_nothing_is_shown() -> None:
    stage = Stage([saying("Hello.")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("f9")
        await pilot.pause()
        assert [toast.message for toast in stage.app._notifications] == ["There is nothing to read yet."]
        await pilot.press("x", "enter")
        await until_idle(pilot)
        await pilot.press("f9")
        await pilot.pause()
        said = [toast.message for toast in stage.app._notifications]
        assert "Ctrl+S saves the text" in said[-1]  # a test has no terminal to give away
