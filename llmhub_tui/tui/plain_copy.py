"""A conversation as a file of plain text in a pager; the reply in flight grows there too."""

from __future__ import annotations

import asyncio
import shlex
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.app import App

from llmhub_tui.domain.plain import plain
from llmhub_tui.tui.player import Player
from llmhub_tui.tui.saving import with_draft
from llmhub_tui.tui.terminal.lending import lend_terminal
from llmhub_tui.tui.workspace import Exporter


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


async def read_in_pager(app: App[int], exporter: Exporter, player: Player, command: list[str]) -> None:
    """Runs the pager over a copy; a reply in flight goes on, on the screen behind and in the copy.

    Raises:
        SuspendNotSupported: if the terminal cannot be given up.
        OSError: if the pager cannot be started, or the disk refuses.
        StorageError: if the disk refuses.
    """
    if player.session is None:
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
        await asyncio.to_thread(exporter.write, copy, path, overwrite=True)
        await asyncio.to_thread(file.begin)
        await lend_terminal(app, [*command, str(path)], file.grow)
