"""Tools in the chat: cards, questions, choices."""

from __future__ import annotations

from collections.abc import Sequence

from support.app import Stage, shown, until_idle, until_open, until_screen
from support.desks import Desk, FakeServers
from support.mcp_server import HOSTILE
from support.scenes import CALLS, FINAL
from support.scripted import HANG, Step, saying
from textual.pilot import Pilot
from textual.widgets import OptionList

from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, ToolCallChunk
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Failure, Message, Role, ToolCall
from llmhub_tui.tools.tool import Arguments, Tool
from llmhub_tui.tools.toolbox import Toolbox
from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.dialogs.consent import ConsentDialog
from llmhub_tui.tui.dialogs.offers import ArgumentsDialog, OffersDialog
from llmhub_tui.tui.dialogs.tools import ToolsScreen


def app_of(pilot: Pilot[int]) -> ChatApp:
    """The app that is driven."""
    assert isinstance(pilot.app, ChatApp)
    return pilot.app


async def until_shown(pilot: Pilot[int], text: str) -> None:
    """Waits until the pane shows a text."""
    for _ in range(500):
        await pilot.pause(0.01)
        if text in shown(app_of(pilot)):
            return
    raise AssertionError(f"{text!r} never came; there is:\n{shown(app_of(pilot))}")


async def answer(pilot: Pilot[int], *keys: str) -> None:
    """Reads a call to its end, and answers."""
    await until_screen(pilot, ConsentDialog)
    dialog = pilot.app.screen
    await pilot.press("end")
    await pilot.pause()
    await pilot.press(*keys, "enter")
    for _ in range(500):
        await pilot.pause(0.01)
        if pilot.app.screen is not dialog:
            return
    raise AssertionError("the dialog stays")


async def test_a_call_is_asked_about_run_and_answered_in_its_card() -> None:
    stage = Stage([CALLS, FINAL], desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_screen(pilot, ConsentDialog)
        assert "⚙ current_time · asks you" in shown(stage.app)
        assert "⚙ calculator · waiting" in shown(stage.app)
        await answer(pilot, "right")
        await until_shown(pilot, "⚙ current_time · done")
        await answer(pilot)
        await until_idle(pilot)
        text = shown(stage.app)
        assert "⚙ calculator · not allowed\n│ expression: 6 * 7\n└ The user did not allow this call." in text
        assert "└ Monday 2026-09-21T14:13:00+02:00 (CEST)" in text
        assert text.count("Assistant · ") == 2
        assert "42" in text.split("Assistant · ")[2]
        assert "nothing was run" not in text


async def test_escape_in_the_question_means_no_and_the_turn_goes_on() -> None:
    stage = Stage([CALLS, saying("Fine.")], desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        for name in ("current_time", "calculator"):
            await until_screen(pilot, ConsentDialog)
            await until_shown(pilot, f"{name} · asks you")
            dialog = pilot.app.screen
            while pilot.app.screen is dialog:
                await pilot.press("escape")
                await pilot.pause(0.01)
        await until_idle(pilot)
        assert shown(stage.app).count("not allowed") == 2
        assert "Fine." in shown(stage.app)


async def test_a_turn_that_is_stopped_takes_its_question_along() -> None:
    stage = Stage([CALLS, FINAL], desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_screen(pilot, ConsentDialog)
        stage.app.chat.stop()
        await until_idle(pilot)
        assert not isinstance(stage.app.screen, ConsentDialog)
        assert shown(stage.app).count("· stopped") == 2


async def test_a_call_that_still_arrives_is_readable() -> None:
    arriving: list[Step] = [OpenedChunk(), ToolCallChunk(0, "a", "calculator", '{"expression": "6 * '), HANG]
    stage = Stage([arriving], desk=Desk())
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_shown(pilot, "⚙ calculator · …\n│ expression: 6 *")
        await pilot.press("escape")
        await until_idle(pilot)
        await until_shown(pilot, "⚙ calculator · cut, not run")


async def test_what_a_tool_says_is_shown_and_never_drives_the_terminal() -> None:
    async def run(_: Arguments) -> str:
        return HOSTILE

    class Source:
        title = "x\x1b[2J"

        async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
            return [Tool("calm", HOSTILE, {"type": "object"}, HOSTILE, run)]

        def troubles(self) -> Sequence[str]:
            return [HOSTILE]

    called: list[Step] = [OpenedChunk(), ToolCallChunk(0, "a", "calm", "{}"), FinishChunk("tool_calls")]
    stage = Stage([called, saying("Done.")], desk=Desk(Toolbox([Source()])))
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await answer(pilot, "right")
        await until_idle(pilot)
        assert "evil" in shown(stage.app)
        await pilot.press("ctrl+t")
        await until_screen(pilot, ToolsScreen)
        await pilot.pause()
        screen = stage.app.export_screenshot()
        for text in (shown(stage.app), screen):
            assert not {"\x1b", "\x07", "\x9b", "\u202e", "\u200b"} & set(text)
        assert "[bold]markup[/]" in shown(stage.app)


async def test_always_is_kept_and_asked_no_more() -> None:
    again: list[Step] = [
        OpenedChunk(),
        ToolCallChunk(0, "b", "calculator", '{"expression": "6 * 7"}'),
        FinishChunk("tool_calls"),
    ]
    stage = Stage([again, saying("One."), again, saying("Two.")], desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await answer(pilot, "right", "right", "right")
        await until_idle(pilot)
        await pilot.press("y", "enter")
        await until_shown(pilot, "Two.")
    assert stage.desk is not None
    [rule] = stage.desk.book.rules
    assert rule.words() == "calculator, expression = 6 [*] 7"


async def test_a_question_of_a_conversation_out_of_view_waits_for_it() -> None:
    stage = Stage([[OpenedChunk(), 0.2, *CALLS[1:]], FINAL], desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        chat, workspace = stage.app.chat, stage.app.workspace
        session = chat.session
        assert session is not None
        assert workspace is not None
        await pilot.press("x", "enter")
        while not chat.running:
            await pilot.pause(0.01)
        chat.open(workspace.new_session())
        while not any(player.calls for player in chat.players):
            await pilot.pause(0.01)
        await pilot.pause(0.3)
        assert not isinstance(stage.app.screen, ConsentDialog)
        chat.open(session)
        await until_screen(pilot, ConsentDialog)
        await answer(pilot, "right")
        await until_shown(pilot, "calculator · asks you")


async def test_ctrl_t_switches_for_the_chat_keeps_for_the_profile_and_revokes() -> None:
    desk = Desk()
    desk.book.forbid("run_python")
    stage = Stage([FINAL], desk=desk)
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+t")
        await until_screen(pilot, ToolsScreen)
        await pilot.pause()
        options = stage.app.screen.query_one(OptionList)
        lines = [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]
        assert lines[0] == "Built in"
        assert lines[1].startswith("  [x] current_time  ")
        assert any(line.startswith("  [ ] read_file") for line in lines)
        assert lines[-1] == "  never   run_python"
        await pilot.press("space", "p")
        await pilot.pause()
        session = stage.app.chat.session
        assert session is not None
        assert session.options.tools == ("calculator",)
        assert desk.kept == ("calculator",)
        await pilot.press("up", "delete")
        assert desk.book.never == ()
        await pilot.press("escape", "x", "enter")
        await until_idle(pilot)
        assert [tool.name for tool in stage.client.requests[0].tools] == ["calculator"]


async def test_a_model_that_takes_no_tools_is_asked_again_without() -> None:
    refusal: list[Step] = [ChatError(ErrorKind.BAD_REQUEST, "gemma does not support tools", status=400)]
    stage = Stage([refusal, saying("Without.")], desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_screen(pilot, ConfirmDialog)
        await pilot.press("right", "enter")
        await until_shown(pilot, "Without.")
        assert [len(request.tools) for request in stage.client.requests] == [2, 0]


async def test_a_slash_offers_prompts_and_resources_for_the_composer() -> None:
    stage = Stage(desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("slash")
        await until_screen(pilot, OffersDialog)
        await pilot.press(*"review", "enter")
        await until_screen(pilot, ArgumentsDialog)
        await pilot.press("enter")
        assert isinstance(stage.app.screen, ArgumentsDialog)
        await pilot.press(*"a.py", "enter")
        while not stage.app.chat.composer.text:
            await pilot.pause(0.01)
        assert stage.app.chat.composer.text.startswith("Review a.py.")
        assert "\x1b" not in stage.app.chat.composer.text


async def test_without_offers_and_within_a_text_a_slash_is_a_slash() -> None:
    stage = Stage(desk=Desk(servers=FakeServers(some=False)))
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("slash", "a")
        assert stage.app.chat.composer.text == "/a"
    stage = Stage(desk=Desk())
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("a", "slash")
        assert stage.app.chat.composer.text == "a/"


async def test_continue_answers_the_calls_of_a_turn_that_had_gone_on_for_too_long() -> None:
    call = ToolCall("a", "calculator", '{"expression": "6 * 7"}')
    prompt = Message("p", None, Role.USER, "x")
    failure = Failure("rounds", "the model has asked for tools 20 times in a row")
    reply = Message("r", "p", Role.ASSISTANT, tool_calls=(call,), ending=Ending.TOOL_CALLS, failure=failure)
    conversation = Conversation("c", messages=[prompt, reply])
    stage = Stage([saying("Forty-two.")], conversation=conversation, desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        assert "20 times" in shown(stage.app)
        assert "calculator · not run" in shown(stage.app)
        await pilot.press("ctrl+g")
        await answer(pilot, "right")
        await until_shown(pilot, "Forty-two.")
        assert "20 times" not in shown(stage.app)
        assert "calculator · done\n│ expression: 6 * 7\n└ 42" in shown(stage.app)


async def test_a_saved_conversation_shows_its_results_in_its_cards() -> None:
    stage = Stage([CALLS, FINAL], desk=Desk())
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await answer(pilot, "right")
        await answer(pilot, "right")
        await until_idle(pilot)
        before = shown(stage.app)
    assert any(message.role is Role.TOOL for message in stage.conversation.messages)
    again = Stage(conversation=stage.conversation, desk=Desk())
    async with again.app.run_test(size=(100, 40)) as pilot:
        await until_shown(pilot, "6 times 7 is 42.")
        assert shown(again.app) == before
