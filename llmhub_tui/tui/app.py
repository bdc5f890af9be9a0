"""The application: it opens the workspace after its first frame, and turns commands into actions."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.screen import Screen

from llmhub_tui.domain.errors import ChatError, StorageError
from llmhub_tui.tui.chat import ChatView, can_continue
from llmhub_tui.tui.commands import COMMANDS
from llmhub_tui.tui.crash import CrashGuard
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.saving import save_transcript
from llmhub_tui.tui.screen import ChatScreen
from llmhub_tui.tui.workspace import Opening, Workspace


class ChatApp(CrashGuard):
    """The chat in a terminal. Its return value is the exit status."""

    TITLE = "llmhub-chat"
    CSS_PATH = "styles.tcss"

    def __init__(self, open_workspace: Callable[[], Workspace], opening: Opening) -> None:
        """Takes what opens the workspace, in a thread, and what the first frame shows meanwhile."""
        super().__init__()
        self._open_workspace = open_workspace
        self._opening = opening
        self._workspace: Workspace | None = None
        self.trouble = ""
        """Why the workspace could not be opened, for the command line to say."""
        if opening.theme in self.available_themes:
            self.theme = opening.theme

    def get_default_screen(self) -> Screen[Any]:
        """The chat's screen is all there is."""
        return ChatScreen(self._opening, self._save_choice)

    @property
    def chat(self) -> ChatView:
        """The chat."""
        return self._chat_screen.chat

    @property
    def _chat_screen(self) -> ChatScreen:
        screen = self.screen_stack[0]
        if not isinstance(screen, ChatScreen):
            raise RuntimeError("the chat's screen is always the first")
        return screen

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every command, and what Textual brings of its own that makes sense here."""
        for command in COMMANDS:
            yield SystemCommand(command.title, command.help, partial(self.run_action, command.action))
        for known in super().get_system_commands(screen):
            if known.title in ("Theme", "Screenshot"):
                yield known

    def on_ready(self) -> None:
        """Loads what the first frame did not need, once that frame is painted."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):  # the latter: the terminal has gone away
            if number := getattr(signal, name, None):
                with suppress(NotImplementedError, RuntimeError):
                    loop.add_signal_handler(number, self.exit, 128 + number)
        self.call_after_refresh(self._load)

    def _load(self) -> None:
        # a daemon, so that a program that is left while it still loads does not wait for it
        threading.Thread(target=self._open, name="workspace", daemon=True).start()

    def _open(self) -> None:
        try:
            workspace = self._open_workspace()
        except (ChatError, StorageError) as error:
            advice = error.advice if isinstance(error, ChatError) else ""
            trouble = " ".join(part for part in (str(error).rstrip(".") + ".", advice) if part)
            self.call_from_thread(self._give_up, trouble)
        else:
            self.call_from_thread(self._opened, workspace)

    def _give_up(self, trouble: str) -> None:
        self.trouble = trouble
        self.exit(1)

    def _opened(self, workspace: Workspace) -> None:
        self._workspace = workspace
        workspace.warm()
        if workspace.opening is not None:
            self.chat.tell(workspace.opening)
            if workspace.opening.theme in self.available_themes:
                self.theme = workspace.opening.theme
        self.chat.open(workspace.session)
        if workspace.notice:
            self._chat_screen.tell(workspace.notice)

    def _save_choice(self) -> None:
        """Remembers which attempts are open."""
        if self._workspace is not None:
            library, conversation = self._workspace.library, self._workspace.session.conversation
            self.run_worker(partial(library.choose, conversation), thread=True)

    def action_stop(self) -> None:
        """Closes the find bar, or stops the reply; with neither, leads back to the composer."""
        if not self._chat_screen.close_find() and not self.chat.stop():
            self.chat.composer.focus()

    def action_retry(self) -> None:
        """Makes another attempt at the last reply, or ends the countdown of one."""
        if self.chat.skip_wait():
            return
        reply = self.chat.last_reply()
        if self.chat.running or reply is None:
            self.notify("A reply is running." if reply else "There is no reply to retry yet.", markup=False)
            return
        self.chat.start(lambda session: session.retry(reply.id))

    def action_resume(self) -> None:
        """Goes on where the last reply was cut."""
        reply = self.chat.last_reply()
        if self.chat.running or reply is None or not can_continue(reply):
            self.notify("There is no cut reply to continue.", markup=False)
            return
        self.chat.start(lambda session: session.resume(reply.id))

    def action_save(self) -> None:
        """Saves the transcript to a file."""
        if self._workspace is None or not len(self._workspace.session.conversation):
            self.notify("There is nothing to save yet.", markup=False)
            return
        conversation = self._workspace.session.conversation
        self.run_worker(save_transcript(self, self._workspace.exporter, conversation), group="save")

    def action_new_chat(self) -> None:
        """Begins a new conversation; the old one is saved already."""
        if self.chat.running:
            self.notify("A reply is running. Escape stops it.", markup=False)
        elif self._workspace is not None:
            session = self._workspace.new_session()
            self._workspace = replace(self._workspace, session=session)
            self.chat.open(session)
            self.chat.composer.focus()

    def action_help(self) -> None:
        """Shows the help."""
        from llmhub_tui.tui.dialogs.help import HelpScreen  # Markdown and Pygments: 100 ms

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    async def action_quit(self) -> None:
        """Leaves; a running reply is only stopped when the user says so."""
        self.run_worker(self._leave(), group="quit", exclusive=True)

    async def _leave(self) -> None:
        if self.chat.running:
            question = "A reply is running. Stop it and quit? What has arrived is saved."
            if not await self.push_screen_wait(ConfirmDialog(question, yes="Stop and quit")):
                return
            self.chat.stop()
            await self.chat.stopped()
        self.exit(0)
