"""Lines are made in slices of time, and come out the same as at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.corpus import HOSTILE, SNIPPETS
from support.pane import PaneApp, prompt, prompts, reply, visible, whole
from textual.theme import BUILTIN_THEMES

from llmhub_tui.render.document import MarkdownDocument, render_markdown
from llmhub_tui.render.text import TextDocument, render_plain
from llmhub_tui.tui.widgets.pane.body import Body, Document
from llmhub_tui.tui.widgets.pane.look import PaneLook
from llmhub_tui.tui.widgets.pane.reasoning import Reasoning

LOOK = PaneLook.of(BUILTIN_THEMES["textual-dark"].to_color_system().generate(), 40, (2026, 1, 1))
LONG = "\n\n".join([*SNIPPETS, "[late] link\n\n[late]: https://late.example"])


def texts(document: Document) -> list[str]:
    """The text of each line."""
    return [document.line(at).text for at in range(len(document))]


def ticking() -> Callable[[], float]:
    """A clock on which every look takes a second."""
    seconds = iter(range(10**6))
    return lambda: float(next(seconds))


@pytest.mark.parametrize(
    "new", [lambda: MarkdownDocument(LOOK.palette, 40), lambda: TextDocument(LOOK.palette.text, 40)]
)
def test_a_body_needs_many_slices_for_a_long_text_and_ends_with_the_lines_of_the_whole(
    new: Callable[[], Document],
) -> None:
    body, slices, clock = Body(new(), LONG, ended=True), 0, ticking()
    while not body.complete:
        body.advance(until=0.0, now=clock)
        slices += 1
    whole_document = new()
    whole_document.feed(LONG)
    whole_document.end()
    if whole_document.late:
        whole_document = body.document.relook()
        whole_document.feed(LONG)
        whole_document.end()
    assert texts(body.document) == texts(whole_document)
    assert slices > len(LONG) / 2000


def test_a_body_shows_lines_while_it_still_has_text_to_make_some_of() -> None:
    body = Body(MarkdownDocument(LOOK.palette, 40), LONG, ended=True)
    body.advance(until=0.0, now=ticking())
    assert 0 < len(body.document) < len(render_markdown(LONG, LOOK.palette, 40))
    assert body.text == LONG


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([*SNIPPETS, *HOSTILE]), st.integers(1, 60), st.integers(60, 900))
def test_plain_text_streams_the_same(text: str, width: int, size: int) -> None:
    document = TextDocument(LOOK.palette.text, width)
    for at in range(0, len(text), size):
        before = list(document.frozen)
        document.feed(text[at : at + size])
        document.flush()
        assert all(old is new for old, new in zip(before, document.frozen, strict=False))
    document.end()
    assert texts(document) == [line.text for line in render_plain(text, LOOK.palette.text, width)]
    assert all(document.line(at).width <= width for at in range(len(document)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab \n"), max_size=8), max_size=12))
def test_reasoning_counts_words_and_shows_lines_however_it_arrives(parts: list[str]) -> None:
    growing = Reasoning()
    for part in parts:
        growing.put(part)
        growing.lines(LOOK, whole=True)
    at_once = Reasoning("".join(parts))
    shown = [line.text for line in growing.lines(LOOK, whole=True)]
    assert shown == [line.text for line in at_once.lines(LOOK, whole=True)]
    if shown:
        assert shown[0] == f"▾ Reasoning, {len(''.join(parts).split())} words"


async def test_a_huge_reply_arrives_at_once_and_is_shown_whole() -> None:
    app = PaneApp()
    text = "\n\n".join(f"Paragraph number {at} of *many*." for at in range(2000))
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show([*prompts(2), reply("r", "", live=True)])
        app.pane.write("r", text)
        app.pane.update(reply("r", text))
        for _ in range(400):
            await pilot.pause(0.01)
            if "number 1999" in "\n".join(visible(app.pane)):
                break
        assert whole(app.pane).count("Paragraph number") == 2000
        app.pane.show([*prompts(2), reply("r", text)])
        for _ in range(400):
            await pilot.pause(0.01)
            if "number 1999" in "\n".join(visible(app.pane)):
                break
        assert whole(app.pane).count("Paragraph number") == 2000


async def test_lines_far_from_what_is_seen_are_dropped_and_made_again() -> None:
    app = PaneApp()
    text = "\n".join(["a line"] * 500)
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show([prompt(f"r{at}", text) for at in range(60)])
        await pilot.pause(0.1)
        layout = app.pane.messages
        assert layout is not None
        app.pane.show_all()
        app.pane.focus()
        total = 0
        for at in reversed(range(60)):
            app.pane.go_to(layout.top(at))
            await pilot.pause()
            total = sum(view.height for view in layout.views if view.made)
            assert total < 25_000
        tops = [layout.top(at) for at in range(60)]
        assert total > 5_000
        await pilot.press("end")
        await pilot.pause()
        assert visible(app.pane)[-1].strip() == "a line"
        assert [layout.top(at) for at in range(60)] == tops
