"""Titles are made from the first exchange: by the model if the profile says so, else from the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.app import Stage, until_idle, until_open
from support.scripted import saying
from textual.pilot import Pilot

from llmhub_tui.store.library import Library


async def until_titled(pilot: Pilot[int], library: Library, title: str) -> None:
    """Waits until the conversation has this title in the list."""
    for _ in range(500):
        await pilot.pause(0.01)
        if [summary.title for summary in library.listing.summaries()] == [title]:
            return
    raise AssertionError(library.listing.summaries())


@pytest.mark.parametrize("by_model", [True, False])
async def test_a_title_is_made_from_the_first_exchange(tmp_path: Path, by_model: bool) -> None:
    library = Library(tmp_path)
    stage = Stage(
        [saying("Because."), saying("Reasons"), saying("Indeed.")], saved=library, title_by_model=by_model
    )
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"why?", "enter")
        await until_idle(pilot)
        await until_titled(pilot, library, "Reasons" if by_model else "why?")
        await pilot.press(*"really?", "enter")
        await until_idle(pilot)
        await until_titled(pilot, library, "Reasons" if by_model else "why?")
    assert len(stage.client.requests) == (3 if by_model else 2)
    library.close()
