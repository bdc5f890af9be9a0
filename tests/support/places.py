"""Every place of the chat that shows text from outside. A new one is one more line in the table.

Each shows a text as the program itself would, and closes again whatever it had to open.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from support.more_places import (
    attach_dialog,
    attachment,
    connect_dialog,
    history_list,
    links_dialog,
    models_dialog,
    wire_view,
)
from textual import events
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static

from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Attachment, Failure, Message, Role, ToolCall
from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.dialogs.consent import ConsentDialog
from llmhub_tui.tui.dialogs.save import SaveDialog
from llmhub_tui.tui.widgets.banner import Banner
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.find import FindBar
from llmhub_tui.tui.widgets.transcript import Transcript
from llmhub_tui.tui.widgets.welcome import Welcome

Place = Callable[[Pilot[int], str], Awaitable[None]]


def chat(pilot: Pilot[int]) -> ChatApp:
    """The app."""
    assert isinstance(pilot.app, ChatApp)
    return pilot.app


def _transcript(pilot: Pilot[int]) -> Transcript:
    """The pane, in place of how an empty chat says to begin."""
    view = chat(pilot).chat
    view.query_one(Welcome).display = False
    view.transcript.display = True
    return view.transcript


async def _messages(pilot: Pilot[int], *messages: Message) -> None:
    transcript = _transcript(pilot)
    await pilot.pause()
    transcript.show([Entry(message) for message in messages])
    for view in transcript.messages.views if transcript.messages is not None else []:
        view.make()
        view.toggle(view.frame.folds)
    transcript.relaid()
    await pilot.pause()


async def reply(pilot: Pilot[int], text: str) -> None:
    await _messages(pilot, Message("a", None, Role.ASSISTANT, text, ending=Ending.COMPLETE))


async def streamed_reply(pilot: Pilot[int], text: str) -> None:
    transcript = _transcript(pilot)
    await pilot.pause()
    transcript.show([Entry(Message("s", None, Role.ASSISTANT), live=True)])
    for at in range(0, len(text), 7):
        transcript.write("s", text[at : at + 7])
    await pilot.pause()
    transcript.update(Entry(Message("s", None, Role.ASSISTANT, text, ending=Ending.STOPPED)))
    await pilot.pause()


async def prompt(pilot: Pilot[int], text: str) -> None:
    files = (Attachment(text[:200], text[:50], b""),)
    await _messages(pilot, Message("p", None, Role.USER, text, attachments=files))


async def reasoning(pilot: Pilot[int], text: str) -> None:
    await _messages(pilot, Message("b", None, Role.ASSISTANT, "x", reasoning=text, ending=Ending.COMPLETE))


async def tool_call(pilot: Pilot[int], text: str) -> None:
    calls = (ToolCall(text, text, text), ToolCall("i", "n", f'{{"a": "{text}"}}'))
    call = Message("c", None, Role.ASSISTANT, "x", tool_calls=calls, ending=Ending.TOOL_CALLS)
    await _messages(pilot, call, Message("d", "c", Role.TOOL, text, tool_call_id=text))


async def error(pilot: Pilot[int], text: str) -> None:
    failure = Failure("server", text, text)
    await _messages(pilot, Message("e", None, Role.ASSISTANT, "x", ending=Ending.ERROR, failure=failure))


async def model_name(pilot: Pilot[int], text: str) -> None:
    await _messages(pilot, Message("m", None, Role.ASSISTANT, "x", model=text, finish_reason=text))


async def status_line(pilot: Pilot[int], text: str) -> None:
    status = chat(pilot).chat.status
    status.model = status.profile = status.state = text
    await pilot.pause()
    status.model = status.profile = status.state = ""


async def notification(pilot: Pilot[int], text: str) -> None:
    chat(pilot).chat_screen.copy("", text)
    await pilot.pause()
    pilot.app.clear_notifications()


async def banner(pilot: Pilot[int], text: str) -> None:
    chat(pilot).chat_screen.query_one(Banner).tell(text, warning=True)
    await pilot.pause()
    chat(pilot).chat_screen.query_one(Banner).tell("")


async def pasted(pilot: Pilot[int], text: str) -> None:
    composer = chat(pilot).chat.composer
    composer.focus()
    composer.post_message(events.Paste(text))
    await pilot.pause()
    await pilot.pause()
    composer.clear()


async def find_bar(pilot: Pilot[int], text: str) -> None:
    await chat(pilot).chat_screen.action_find()
    field = chat(pilot).chat_screen.query_one(FindBar).query_one(Input)
    field.post_message(events.Paste(text))
    await pilot.pause()
    await pilot.pause()
    chat(pilot).chat_screen.close_find()


async def question(pilot: Pilot[int], text: str) -> None:
    pilot.app.push_screen(ConfirmDialog(f"Open this address?\n\n{text}", yes="Open"))
    await pilot.pause()
    await pilot.press("escape")


async def save_dialog(pilot: Pilot[int], text: str) -> None:
    pilot.app.push_screen(SaveDialog(text, text))
    await pilot.pause()
    await pilot.press("escape")


async def consent(pilot: Pilot[int], text: str) -> None:
    dialog = ConsentDialog(ConsentRequest(text or "x", text, text, text))
    pilot.app.push_screen(dialog)
    await pilot.pause()
    dialog.action_scroll("end")
    await pilot.pause()
    dialog.dismiss(Answer.NO)
    await pilot.pause()


PLACES: dict[str, Place] = {
    place.__name__: place
    for place in (
        reply,
        streamed_reply,
        prompt,
        reasoning,
        tool_call,
        error,
        model_name,
        status_line,
        notification,
        banner,
        pasted,
        find_bar,
        question,
        save_dialog,
        consent,
        links_dialog,
        connect_dialog,
        attach_dialog,
        models_dialog,
        wire_view,
        attachment,
        history_list,
    )
}


async def unwalled(pilot: Pilot[int], text: str) -> None:
    """A widget that has forgotten the inner wall; only the outer one stands between it and the terminal."""
    widget = Static(Content(text))
    widget.styles.dock = "top"
    widget.border_title = "x"
    await pilot.app.screen.mount(widget)
    await pilot.pause()
    await widget.remove()
