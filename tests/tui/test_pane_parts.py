"""The parts of the pane that need no screen: pacing, the terminal's own scrolling, the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App

from llmhub_tui.tui.clipboard import clipboard_tool
from llmhub_tui.tui.widgets.pane.pacer import FRAME_S, Pacer


def taken(pacer: Pacer, frames: Sequence[float]) -> list[str]:
    """What comes out at each frame."""
    return [pacer.take(now) for now in frames]


def test_a_burst_is_let_out_over_a_few_frames_and_within_200_ms() -> None:
    pacer, text = Pacer(), "word " * 400
    pacer.put(text, 10.0)
    frames = taken(pacer, [10.0 + at * FRAME_S for at in range(1, 6)])
    assert "".join(frames) == text
    assert sum(bool(frame) for frame in frames) > 2
    assert "".join(frames[: int(0.2 / FRAME_S)]) == text


def test_a_trickle_and_an_end_are_let_out_at_once() -> None:
    pacer = Pacer()
    pacer.put("a few words", 1.0)
    assert pacer.take(1.0) == "a few words"
    pacer.put("x" * 5000, 2.0)
    assert pacer.take(2.0, everything=True) == "x" * 5000
    assert not pacer.waiting


async def test_lines_are_written_through_names_that_textual_still_has() -> None:
    app: App[None] = App()
    async with app.run_test():
        assert app._driver is not None
        region, clip = app.screen._compositor.visible_widgets[app.screen]
        assert region == clip == app.screen.region


@pytest.mark.parametrize(
    ("environ", "there", "tool"),
    [
        ({"TMUX": "x", "SSH_CONNECTION": "y"}, {"tmux"}, "tmux"),
        ({"WAYLAND_DISPLAY": "x"}, {"wl-copy", "xclip"}, "wl-copy"),
        ({"DISPLAY": ":0"}, {"xsel"}, "xsel"),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "y"}, {"xsel"}, None),
        ({}, {"pbcopy"}, "pbcopy"),
        ({}, set(), None),
    ],
)
def test_a_copy_reaches_the_systems_clipboard_where_there_is_one(
    environ: dict[str, str], there: set[str], tool: str | None
) -> None:
    found = clipboard_tool(environ, lambda name: name if name in there else None)
    assert (found[0] if found else None) == tool
