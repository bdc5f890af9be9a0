"""Everything that was said can be found, opened, named, put away and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.app import WALL, Stage, shown, until_idle, until_open, until_screen
from support.scripted import HANG, Step, saying
from support.talks import saved_talks
from textual.binding import Binding
from textual.pilot import Pilot

from llmhub_tui.domain.chunks import OpenedChunk, TextChunk
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.store.library import Library
from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.commands import COMMANDS
from llmhub_tui.tui.dialogs.line import LineDialog
from llmhub_tui.tui.history.browser import Browser
from llmhub_tui.tui.history.listed import HistoryList
from llmhub_tui.tui.history.panel import HistoryPanel
from llmhub_tui.tui.history.preview import Preview
from llmhub_tui.tui.history.screen import HistoryScreen

LIVE: list[Step] = [OpenedChunk(), TextChunk("The first words "), HANG]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A few saved conversations."""
    library = saved_talks(tmp_path / "data", WALL)
    yield library
    library.close()


def listed(app: ChatApp) -> str:
    """What the list paints, with its cursor."""
    rows = app.screen.query_one(HistoryList)
    return "\n".join(rows.render_line(y).text.rstrip() for y in range(rows.size.height)).rstrip()


async def until_listed(pilot: Pilot[int], *words: str) -> str:
    """Waits until all these words are in the list."""
    app = pilot.app
    assert isinstance(app, ChatApp)
    for _ in range(500):
        await pilot.pause(0.01)
        if app.screen.query(HistoryList) and all(word in listed(app) for word in words):
            return listed(app)
    raise AssertionError(f"never listed: {words}; the list:\n{listed(app)}")


async def until_shown(pilot: Pilot[int], words: str) -> None:
    """Waits until the conversation pane has these words."""
    app = pilot.app
    assert isinstance(app, ChatApp)
    for _ in range(500):
        await pilot.pause(0.01)
        if words in shown(app):
            return
    raise AssertionError(f"never shown: {words}; the pane:\n{shown(app)}")


async def test_the_list_is_by_time_and_says_what_each_conversation_is(library: Library) -> None:
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+b")
        text = await until_listed(pilot, "Kant in one page", "Which process holds")
        heads = [line.strip() for line in text.splitlines() if line.startswith("  ") and line[2] != " "]
        assert [head for head in heads if head in GROUPS] == list(GROUPS)
        assert "    ■ stopped · 11:13 · 2 messages" in text
        assert "    … cut by length · Sep 18 · 2 mess" in text
        assert "regex for [bold]IPv6[/bold] addr" in text  # a title is no markup
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert not stage.app.screen.query(HistoryPanel)
        assert stage.app.focused is stage.app.chat.composer


GROUPS = ("Pinned", "Today", "Yesterday", "Last 7 days", "August 2026")


async def test_typing_filters_and_enter_opens_and_the_draft_stays_where_it_was(library: Library) -> None:
    stage = Stage([saying("ok")], saved=library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await pilot.press(*"draft", "ctrl+b")
        await until_listed(pilot, "Sourdough")
        await pilot.press(*"dough")
        for _ in range(200):
            if "Kant" not in listed(stage.app):
                break
            await pilot.pause(0.01)
        await pilot.press("enter")
        await until_shown(pilot, "Less yeast, a longer proof\n■ stopped")
        assert stage.app.chat.composer.text == ""
        assert stage.app.focused is stage.app.chat.composer
        await pilot.press(*"for bread", "ctrl+n")
        await pilot.pause()
        assert stage.app.chat.composer.text == "draft"
        await stage.app.open_conversation("bread")
        assert stage.app.chat.composer.text == "for bread"
    library.close()
    assert Library(library.path.parent).drafts.text("bread") == "for bread"


async def test_search_looks_in_every_attempt_and_opens_at_the_hit(library: Library) -> None:
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+o")
        await until_screen(pilot, HistoryScreen)
        await pilot.press(*"holds its")
        await until_listed(pilot, "In messages", "▌ A loop holds its borrow")
        preview = stage.app.screen.query_one(Preview)
        for _ in range(200):
            if preview.marked == "borrow-r":
                break
            await pilot.pause(0.01)
        assert preview.marked == "borrow-r"
        await pilot.press("enter")
        await until_shown(pilot, "\u20391/2\u203a\nA loop holds its borrow")
        transcript = stage.app.chat.transcript
        for _ in range(200):
            if transcript.needle:
                break
            await pilot.pause(0.01)
        assert (transcript.marked, transcript.needle) == ("borrow-r", "holds")
    library.close()
    assert "borrow-r" in {reply.id for reply in Library(library.path.parent).load("borrow")[0].path()}


async def test_a_search_that_finds_nothing_says_so(library: Library) -> None:
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+o")
        await until_screen(pilot, HistoryScreen)
        await pilot.press(*"zyzzyva")
        assert await until_listed(pilot, "Nothing found") == "  Nothing found"


async def test_a_hit_far_down_a_long_conversation_is_in_sight_where_the_chat_was_empty(
    tmp_path: Path,
) -> None:
    library = Library(tmp_path / "data")
    texts = [f"the needle, number {number}. " + "hay " * 60 for number in range(30)]
    messages = [Message("m0", None, Role.USER, texts[0])]
    for number in range(1, 30):
        messages.append(Message(f"m{number}", f"m{number - 1}", Role.ASSISTANT, texts[number]))
    library.keep(Conversation("long", title="long", messages=messages))
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(40, 12)) as pilot:
        await until_open(pilot)
        await stage.app.open_conversation("long", "m21", "needle")
        transcript = stage.app.chat.transcript
        for _ in range(200):
            await pilot.pause(0.01)
            painted = "".join(strip.text for strip in transcript.render_lines(transcript.size.region))
            if "number 21." in " ".join(painted.split()):
                break
        assert "number 21." in " ".join(painted.split())
        assert transcript.marked == "m21"
    library.close()


@pytest.mark.parametrize(("words", "hit"), [("浅草", "一日目は浅草から"), ("ltnp", "Ask `ss -ltnp`")])
async def test_any_script_and_code_are_found(library: Library, words: str, hit: str) -> None:
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+o")
        await until_screen(pilot, HistoryScreen)
        await pilot.press(*words)
        await until_listed(pilot, "In messages", hit)


async def test_a_conversation_is_renamed_pinned_tagged_and_archived(library: Library) -> None:
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+b")
        await until_listed(pilot, "Sourdough")
        stage.app.screen.query_one(HistoryList).go_to("bread")
        await pilot.press("f5")
        await until_screen(pilot, LineDialog)
        await pilot.press(*"Bread", "enter")
        await until_listed(pilot, "▌ Bread")
        await pilot.press("f4")
        await until_screen(pilot, LineDialog)
        await pilot.press(*"#home food", "enter")
        await until_listed(pilot, "▌ Bread")
        await pilot.press("ctrl+k")
        text = await until_listed(pilot, "Pinned\n▌ Bread")
        assert text.index("Bread") < text.index("Kant")
        await pilot.press("f6")
        for _ in range(500):
            await pilot.pause(0.01)
            if "Bread" not in listed(stage.app):
                break
        await pilot.press("f7")
        await until_listed(pilot, "Bread")
    summary = library.listing.summary("bread")
    assert summary is not None
    assert (summary.title, summary.pinned, summary.archived) == ("Bread", True, True)
    assert summary.tags == ("food", "home")


async def test_a_deleted_conversation_is_brought_back_with_one_key(library: Library) -> None:
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await stage.app.open_conversation("bread")
        await pilot.press("ctrl+b")
        await until_listed(pilot, "▌ Sourdough")
        await pilot.press("delete")
        for _ in range(500):
            await pilot.pause(0.01)
            if "Sourdough" not in listed(stage.app):
                break
        assert shown(stage.app) == ""  # the deleted one is not looked at any more
        await pilot.press("ctrl+z")
        await until_listed(pilot, "▌ Sourdough")
    summary = library.listing.summary("bread")
    assert summary is not None
    assert not summary.deleted


async def test_a_running_reply_goes_on_while_another_conversation_is_opened(library: Library) -> None:
    stage = Stage([LIVE], saved=library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await pilot.press(*"go", "enter")
        await until_shown(pilot, "The first words")
        await stage.app.open_conversation("kant")
        assert "What can I know?" in shown(stage.app)
        await pilot.press("ctrl+b")
        await until_listed(pilot, "go\n", "✎ being written")
        stage.app.screen.query_one(HistoryList).go_to("c")
        await pilot.press("f8")
        await pilot.pause(0.1)  # it is refused, and said so
        await pilot.press("enter")
        await until_shown(pilot, "The first words")
        assert stage.app.chat.running
        await pilot.press("escape")
        await until_idle(pilot)
    assert library.load("c")[0]["m2"].text == "The first words "


async def test_where_the_terminal_is_narrow_the_list_lies_over_the_chat(library: Library) -> None:
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(60, 20)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+b")
        await until_listed(pilot, "Kant in one page")
        assert stage.app.screen.query_one(HistoryPanel).region.width == 60
        assert stage.app.chat.region.width == 60
        await pilot.press("enter")
        await until_shown(pilot, "What can I know?")
        assert not stage.app.screen.query(HistoryPanel)
        await pilot.press("ctrl+b")
        await until_listed(pilot, "Kant in one page")
        await pilot.press("escape")
        await pilot.pause()
        assert not stage.app.screen.query(HistoryPanel)


async def test_a_long_list_is_read_as_far_as_it_is_looked_at(tmp_path: Path) -> None:
    library = Library(tmp_path / "data")
    for number in range(450):
        prompt = Message(f"p{number}", None, Role.USER, f"Question {number}")
        talk = Conversation(f"c{number}", title=f"Question {number}", messages=[prompt])
        library.keep(talk, updated_at=WALL - number)
    stage = Stage(saved=library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+b")
        await until_listed(pilot, "Question 0")
        rows = stage.app.screen.query_one(HistoryList)
        assert rows.loaded == 200
        for _ in range(6):
            await pilot.press("ctrl+end")
            await pilot.pause(0.1)
        await until_listed(pilot, "▌ Question 449")
        assert rows.loaded == 450
        await pilot.press("ctrl+home")
        await until_listed(pilot, "▌ Question 0\n")
    library.close()


def test_no_key_of_the_list_is_hidden_by_one_of_the_chat() -> None:
    taken = {key for command in COMMANDS for key in command.keys.split(",")}
    own = {
        key for binding in Browser.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")
    }
    assert not taken & own
