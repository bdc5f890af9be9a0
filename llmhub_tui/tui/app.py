"""The application: it opens the workspace after its first frame, and turns commands into actions."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.console import RenderableType
from textual.app import SystemCommand
from textual.screen import Screen

from llmhub_tui.domain.errors import ChatError, StorageError
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.actions.connecting import ConnectActions
from llmhub_tui.tui.actions.leaving import LeavingActions
from llmhub_tui.tui.actions.plain_text import PlainTextActions
from llmhub_tui.tui.actions.replies import ReplyActions
from llmhub_tui.tui.actions.tools import ToolActions
from llmhub_tui.tui.actions.wire import WireActions
from llmhub_tui.tui.chat import load_showing
from llmhub_tui.tui.commands import COMMANDS
from llmhub_tui.tui.desk import Desk, Unsent
from llmhub_tui.tui.opening import Opening
from llmhub_tui.tui.screen import ChatScreen

if TYPE_CHECKING:
    from llmhub_tui.tui.workspace import Workspace

_HERE: Final = Path(__file__).parent
_LATER: Final = ("panes.tcss", "dialogs.tcss", "history.tcss")
"""Styles that the first frame does not need; to parse them takes a tenth of it."""
_STYLED_LATER: Final = "Transcript, AttachmentBar, FindBar, HistoryPanel, Toast"


class ChatApp(ReplyActions, ToolActions, WireActions, LeavingActions, ConnectActions, PlainTextActions):
    """The chat in a terminal. Its return value is the exit status."""

    TITLE = "llmhub-chat"
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = _HERE / "styles.tcss"

    def __init__(self, open_workspace: Callable[[], Workspace], opening: Opening) -> None:
        """Takes what opens the workspace, in a thread, and what the first frame shows meanwhile."""
        super().__init__()
        self._open_workspace = open_workspace
        self._opening = opening
        self.desk = Desk()
        self.trouble = ""
        """Why the workspace could not be opened, for the command line to say."""
        if opening.theme in self.available_themes:
            self.theme = opening.theme

    def get_default_screen(self) -> Screen[Any]:
        """The chat's screen is all there is."""
        return ChatScreen(self._opening, self._save_choice)

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
        self.stylesheet.read_all([_HERE / name for name in _LATER])
        if len(self.screen_stack) > 1 or self.screen.query(_STYLED_LATER):  # somebody was quicker than this
            self.refresh_css(animate=False)
        # a daemon, so that a program that is left while it still loads does not wait for it
        threading.Thread(target=self._open, name="workspace", daemon=True).start()

    def _open(self) -> None:
        try:
            load_showing()
            workspace = self._open_workspace()
        except (ChatError, StorageError) as error:
            advice = error.advice if isinstance(error, ChatError) else ""
            trouble = " ".join(part for part in (str(error).rstrip(".") + ".", advice) if part)
            self.call_from_thread(self._give_up, trouble)
        except Exception as error:  # in a thread, where nobody else would tell the app
            self.call_from_thread(self.crash, error)
        else:
            self.call_from_thread(self._begin, workspace)

    def _give_up(self, trouble: str) -> None:
        self.trouble = trouble
        self.exit(1)

    def _begin(self, workspace: Workspace) -> None:
        self.run_worker(self._opened(workspace), group="opening")

    async def _opened(self, workspace: Workspace) -> None:
        await self.chat.showing.mounted
        self.workspace = workspace
        workspace.warm()
        if workspace.tools is not None:
            workspace.tools.asker.attach(self)
        if workspace.opening is not None:
            self.chat.tell(workspace.opening)
            self._wear(workspace.opening.theme)
        self.desk.write(self.chat.composer.text)
        self.desk.drafts = workspace.library.drafts
        self.show_session(workspace.session, workspace.unsent or Unsent())
        if workspace.notice:
            self.chat_screen.tell(workspace.notice)
        self.run_worker(self.perform(workspace.script), group="script")
        self.watch_saving()

    def _wear(self, theme: str) -> None:
        """Takes a theme by its name, or says that there is none of that name."""
        if theme in self.available_themes:
            self.theme = theme
        elif theme:
            name = plain_line(theme, 40)
            self.notify(
                f"There is no theme “{name}”. Ctrl+P, then Theme, lists them.",
                severity="warning",
                markup=False,
            )

    def _save_choice(self) -> None:
        """Remembers which attempts are open."""
        if self.workspace is not None and self.chat.session is not None:
            self.workspace.library.choose(self.chat.session.conversation)

    def action_help(self) -> None:
        """Shows the help."""
        from llmhub_tui.tui.dialogs.help import HelpScreen  # Markdown and Pygments: 100 ms

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def exit(
        self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """Leaves at once, with all that is written on its way to the disk."""
        if self.screen_stack:
            self.desk.write(self.chat.composer.text)
        self.save_draft()
        super().exit(result, return_code, message)
