"""A paste of any size is no freeze, and a file goes along only when it can."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.app import Stage, until_idle, until_open, until_screen
from support.scripted import saying
from textual.widgets import Input

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.tui.attaching import read_attachment
from llmhub_tui.tui.dialogs.attach import AttachDialog
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.terminal.keyboard import LargePaste
from llmhub_tui.tui.widgets.attachments import AttachmentBar


async def test_a_large_paste_goes_along_as_an_attachment() -> None:
    stage = Stage([saying("ok")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        stage.app.post_message(LargePaste(b"line\n" * 900_000, cut=False))
        await pilot.pause()
        await pilot.pause()
        assert stage.app.chat.composer.text == ""
        bar = stage.app.chat.query_one(AttachmentBar)
        assert [part.name for part in bar.attachments] == ["pasted-1.txt"]
        await pilot.press(*"what?", "enter")
        await until_idle(pilot)
        assert bar.attachments == ()
    sent = stage.client.requests[0].messages[0]
    assert sent.text == "what?"
    assert [len(part.data) for part in sent.attachments] == [4_500_000]


async def test_a_hundred_megabytes_are_offered_and_may_be_refused() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        stage.app.post_message(LargePaste(bytes(100_000_000), cut=False))
        await until_screen(pilot, ConfirmDialog)
        await pilot.press("escape")
        await pilot.pause()
        assert stage.app.chat.query_one(AttachmentBar).attachments == ()


async def test_a_large_paste_into_a_dialog_is_refused() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("f3")
        await until_screen(pilot, AttachDialog)
        stage.app.post_message(LargePaste(b"x" * 5_000_000, cut=False))
        await pilot.pause()
        assert stage.app.screen.query_one(Input).value == ""


async def test_an_attachment_can_be_taken_away(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes")
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("f3")
        await until_screen(pilot, AttachDialog)
        stage.app.screen.query_one(Input).value = str(tmp_path / "missing.md")
        await pilot.press("enter")
        await pilot.pause(0.1)
        await until_screen(pilot, AttachDialog)
        stage.app.screen.query_one(Input).value = str(tmp_path / "notes.md")
        await pilot.press("enter")
        bar = stage.app.chat.query_one(AttachmentBar)
        for _ in range(100):
            await pilot.pause(0.01)
            if bar.attachments:
                break
        assert [(part.name, part.media_type, part.data) for part in bar.attachments] == [
            ("notes.md", "text/markdown", b"# Notes")
        ]
        await pilot.press("shift+tab", "delete")
        await pilot.pause()
        assert bar.attachments == ()
        assert not bar.display


def test_what_is_no_text_and_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\xff\x00")
    (tmp_path / "big.txt").write_bytes(b"x" * (21 << 20))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "p.png").write_bytes(b"\x89PNG")
    assert read_attachment(tmp_path / "p.png").media_type == "image/png"
    for name, why in (
        ("x.bin", "neither"),
        ("big.txt", "larger"),
        ("pipe", "no file"),
        ("none", "cannot be read"),
        (".", "cannot be read|no file"),
    ):
        with pytest.raises(StorageError, match=why):
            read_attachment(tmp_path / name)
