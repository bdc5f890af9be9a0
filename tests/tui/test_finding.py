"""Finding in the conversation: all hits are marked and counted, and each can be gone to."""

from __future__ import annotations

from support.pane import PaneApp, prompt, prompts, reply, visible
from textual.pilot import Pilot


async def settled(pilot: Pilot[None]) -> None:
    """Waits until all messages were looked through."""
    app = pilot.app
    assert isinstance(app, PaneApp)
    for _ in range(300):
        await pilot.pause(0.01)
        if app.found.complete:
            return
    raise AssertionError("it never has looked through all messages")


async def looked_for(pilot: Pilot[None], needle: str) -> tuple[int, int]:
    """The place of the reader and the number of hits."""
    app = pilot.app
    assert isinstance(app, PaneApp)
    app.found.complete = False
    app.pane.find(needle)
    await settled(pilot)
    await pilot.pause()
    return app.found.at, app.found.total


def reversed_texts(app: PaneApp) -> list[tuple[str, bool]]:
    """What is marked as a hit, and whether as the current one."""
    return [
        (part.text, bool(part.style.underline))
        for strip in app.pane.render_lines(app.pane.size.region)
        for part in strip
        if part.style is not None and part.style.reverse and "below" not in part.text
    ]


async def test_hits_are_counted_over_all_messages_and_gone_to_one_by_one() -> None:
    app = PaneApp()
    async with app.run_test(size=(40, 10)) as pilot:
        hay = [reply(f"s{at}", "hay") for at in range(50)]
        app.pane.show([*prompts(50), reply("r", "a Needle here, a needle there\n\nand a NEEDLE"), *hay])
        await pilot.pause()
        assert await looked_for(pilot, "needle") == (3, 3)
        assert any("and a NEEDLE" in line for line in visible(app.pane))
        app.pane.focus()
        places = []
        for key in ("n", "n", "n", "N"):
            await pilot.press(key)
            await pilot.pause()
            places.append(app.found.at)
        assert places == [1, 2, 3, 2]
        assert reversed_texts(app) == [("Needle", False), ("needle", True), ("NEEDLE", False)]


async def test_a_hit_is_found_across_a_wrapped_line_and_across_markup() -> None:
    app = PaneApp()
    async with app.run_test(size=(24, 12)) as pilot:
        app.pane.show([reply("r", "Here are **some bold** words that wrap.\n\nAnd `some bold words` again")])
        await pilot.pause()
        assert await looked_for(pilot, "some bold words") == (1, 2)
        assert "".join(text for text, _ in reversed_texts(app)).count("somebold") == 0
        assert [text.strip() for text, now in reversed_texts(app) if now] == ["some bold", "words"]


async def test_a_hit_in_folded_reasoning_is_unfolded() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show([reply("r", "The answer", reasoning="A secret thought")])
        await pilot.pause()
        assert "secret" not in "\n".join(visible(app.pane))
        assert await looked_for(pilot, "secret thought") == (1, 1)
        assert "A secret thought" in "\n".join(visible(app.pane))


async def test_what_was_unfolded_for_a_hit_is_folded_again_unless_the_reader_is_there() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 24)) as pilot:
        app.pane.show(
            [
                reply("r", "The answer", reasoning="A thin thought"),
                reply("s", "That", reasoning="A third one"),
            ]
        )
        await pilot.pause()
        assert (await looked_for(pilot, "th"))[1] == 5
        assert "A thin thought" in "\n".join(visible(app.pane))
        assert (await looked_for(pilot, "the answer")) == (1, 1)
        assert not any("thought" in line or "third" in line for line in visible(app.pane))
        await looked_for(pilot, "third")
        app.pane.clear_find()
        await pilot.pause()
        assert "A third one" in "\n".join(visible(app.pane))


async def test_what_is_read_is_found_where_the_source_spells_it_otherwise() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 24)) as pilot:
        app.pane.show([reply("r", "Let $a \\leq x^2$ &copy; me[^a].\n\n[^a]: note")])
        await pilot.pause()
        for needle in ("a ≤ x²", "© me[1]"):
            assert await looked_for(pilot, needle) == (1, 1)


async def test_neither_names_nor_the_programs_own_words_are_hits() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show([prompt("p", "x"), reply("r", "y", reasoning="z")])
        await pilot.pause()
        for needle in ("assistant", "you", "reasoning"):
            assert await looked_for(pilot, needle) == (0, 0)


async def test_a_common_word_in_a_long_conversation_is_looked_for_in_slices() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show([reply(f"r{at}", "a word " * 30) for at in range(400)])
        await pilot.pause()
        assert await looked_for(pilot, "word") == (app.found.at, 400 * 30)
        assert app.found.at > 0


async def test_no_hit_is_said_and_clearing_takes_the_marks_away() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show([reply("r", "some words")])
        await pilot.pause()
        assert await looked_for(pilot, "other") == (0, 0)
        assert await looked_for(pilot, "words") == (1, 1)
        assert reversed_texts(app) == [("words", True)]
        app.pane.clear_find()
        await pilot.pause()
        assert reversed_texts(app) == []


async def test_hits_are_found_in_what_still_arrives() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.show([prompt("p", "a word"), reply("r", "", live=True)])
        await pilot.pause()
        assert await looked_for(pilot, "word") == (1, 1)
        app.pane.write("r", "another word and a word")
        app.pane.update(reply("r", "another word and a word"))
        await settled(pilot)
        await pilot.pause()
        assert app.found.total == 3
        assert [text for text, _ in reversed_texts(app)] == ["word"] * 3
