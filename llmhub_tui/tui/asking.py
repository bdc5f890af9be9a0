"""Asks the user about tool calls, in the conversation that they belong to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.plain import plain_line

if TYPE_CHECKING:
    from llmhub_tui.domain.conversation import Conversation
    from llmhub_tui.tui.actions.host import Host
    from llmhub_tui.tui.dialogs.consent import ConsentDialog

_LOOK_S: Final = 0.2
"""How often it is looked whether the conversation that asks is in view again."""


class Asker:
    """Shows one consent dialog at a time. Without an app there is nobody to ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begins without an app; the clock, which never goes back, tells a hand from a burst of keys."""
        self._clock = clock
        self._app: Host | None = None
        self._busy = asyncio.Lock()

    def attach(self, app: Host) -> None:
        """Takes the app that shows the dialogs."""
        self._app = app

    def tell(self, problem: str) -> None:
        """Shows why an answer could not be kept."""
        if self._app is not None:
            self._app.notify(plain_line(problem, 300), severity="error", markup=False)

    def of(self, conversation: Conversation) -> PersonGate:
        """A gate for the calls of one conversation."""
        return PersonGate(self, conversation)

    async def ask(self, conversation: Conversation, request: ConsentRequest) -> Answer:
        """The user's answer; asked for when the user looks at the conversation."""
        if self._app is None:
            return Answer.NO
        while True:
            await _until_in_view(self._app, conversation)
            async with self._busy:
                if _in_view(self._app, conversation):
                    return await _answer(self._app, request, self._clock)


def _in_view(app: Host, conversation: Conversation) -> bool:
    session = app.chat.session
    return session is None or session.conversation is conversation


async def _until_in_view(app: Host, conversation: Conversation) -> None:
    """Returns when the user looks at a conversation; says once that it waits."""
    if not _in_view(app, conversation):
        title = plain_line(conversation.title, 60) or "Another conversation"
        app.notify(f"{title}: a tool wants to run. Open it to answer.", markup=False, timeout=10)
    while not _in_view(app, conversation):
        await asyncio.sleep(_LOOK_S)


class PersonGate:
    """See `session.ports.ConsentGate`."""

    def __init__(self, asker: Asker, conversation: Conversation) -> None:
        """Takes who asks, and for which conversation."""
        self._asker = asker
        self._conversation = conversation

    async def ask(self, request: ConsentRequest) -> Answer:
        """The user's answer."""
        return await self._asker.ask(self._conversation, request)


async def _answer(app: Host, request: ConsentRequest, clock: Callable[[], float]) -> Answer:
    from llmhub_tui.tui.dialogs.consent import ConsentDialog  # 10 ms, with the first call

    answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def take(answer: Answer | None) -> None:
        if not answered.done():
            answered.set_result(answer or Answer.NO)

    dialog = ConsentDialog(request, clock)
    app.push_screen(dialog, take)
    try:
        return await answered
    finally:
        if not answered.done() or answered.cancelled():
            _withdraw(app, dialog)


def _withdraw(app: Host, dialog: ConsentDialog) -> None:
    """Takes the dialog away, because the turn was stopped, and with it what lies above it."""
    while dialog in app.screen_stack and app.screen is not dialog:
        app.pop_screen()
    if app.screen is dialog:
        with suppress(asyncio.InvalidStateError):
            dialog.dismiss(Answer.NO)
