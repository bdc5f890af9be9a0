"""The conversation as plain text, for screen readers, braille displays, and everybody's own pager."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.app import SuspendNotSupported

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain
from llmhub_tui.tui.actions.host import Host
from llmhub_tui.tui.player import Player
from llmhub_tui.tui.saving import with_draft
from llmhub_tui.tui.terminal.lending import lend_terminal


def pager_command(environ: Mapping[str, str], which: Callable[[str], str | None]) -> list[str]:
    """The program that shows a text: the user's own, `less`, or `more`; empty where there is none."""
    for words in (environ.get("PAGER", ""), "less", "more"):
        command = shlex.split(words)
        if command and which(command[0]):
            return command
    return []


class GrowingFile:
    """A conversation in a file, to which the reply in flight is added as it comes."""

    def __init__(self, path: Path, player: Player, said: str) -> None:
        """Takes the file, what plays the reply in flight, if there is one, and what it has said so far."""
        self._path = path
        self._player = player
        self._key = player.live_id
        self._said = said

    def begin(self) -> None:
        """Makes what was written into the file safe to show."""
        text = plain(self._path.read_text(encoding="utf-8"))
        self._path.write_text(text.rstrip("\n") if self._key else text, encoding="utf-8")

    def grow(self) -> None:
        """Adds what has arrived of the reply since."""
        session = self._player.session
        if not self._key or session is None or self._key not in session.conversation:
            return
        said = self._player.current(session.conversation[self._key]).text
        known = self._said.rstrip("\n")
        news = plain(said[len(known) :]).rstrip("\n") if said.startswith(known) else ""
        if not known:
            news = "\n\n" + news.lstrip("\n") if news.strip() else ""
        if news:
            with self._path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(news)
            self._said = said


class PlainTextActions(Host):
    """What is read without a picture."""

    def action_read_plain(self) -> None:
        """Leaves the picture and shows the conversation from its beginning in a pager, as lines of text."""
        session, command = self.chat.session, pager_command(os.environ, shutil.which)
        if self.workspace is None or session is None or not len(session.conversation):
            self.notify("There is nothing to read yet.", markup=False)
        elif not command:
            self.notify("There is no pager: set PAGER, or install less.", markup=False)
        else:
            self.run_worker(self._read_plain(command), group="pager", exclusive=True)

    async def _read_plain(self, command: list[str]) -> None:
        """Runs the pager over a copy; a reply in flight goes on, on the screen behind and in the copy."""
        player = self.chat.player
        if self.workspace is None or player.session is None:
            return
        copy = with_draft(player.session.conversation, "")
        said = ""
        if player.live_id:
            reply = player.current(copy[player.live_id])
            copy.update(reply)
            said = reply.text
        with tempfile.TemporaryDirectory(prefix="llmhub-chat-") as folder:
            path = Path(folder) / "conversation.txt"
            file = GrowingFile(path, player, said)
            try:
                await asyncio.to_thread(self.workspace.exporter.write, copy, path, overwrite=True)
                await asyncio.to_thread(file.begin)
                await lend_terminal(self, [*command, str(path)], file.grow)
            except SuspendNotSupported:
                self.notify("No pager can be shown here; Ctrl+S saves the text.", markup=False)
            except (StorageError, OSError) as error:
                self.notify(f"It cannot be shown: {error}", severity="error", markup=False)
