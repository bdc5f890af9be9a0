"""The conversation as plain text, for screen readers, braille displays, and everybody's own pager."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.app import SuspendNotSupported

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain
from llmhub_tui.tui.actions.host import Host


def pager_command(environ: Mapping[str, str], which: Callable[[str], str | None]) -> list[str]:
    """The program that shows a text: the user's own, `less`, or `more`; empty where there is none."""
    for words in (environ.get("PAGER", ""), "less", "more"):
        command = shlex.split(words)
        if command and which(command[0]):
            return command
    return []


class PlainTextActions(Host):
    """What is read without a picture."""

    def action_read_plain(self) -> None:
        """Leaves the picture and shows the conversation from its beginning in a pager, as lines of text."""
        session, command = self.chat.session, pager_command(os.environ, shutil.which)
        if self.workspace is None or session is None or not len(session.conversation):
            self.notify("There is nothing to read yet.", markup=False)
        elif self.chat.running:
            self.notify("A reply is running. Escape stops it.", markup=False)
        elif not command:
            self.notify("There is no pager: set PAGER, or install less.", markup=False)
        else:
            with tempfile.TemporaryDirectory(prefix="llmhub-chat-") as folder:
                path = Path(folder) / "conversation.txt"
                try:
                    self.workspace.exporter.write(session.conversation, path, overwrite=True)
                    path.write_text(plain(path.read_text(encoding="utf-8")), encoding="utf-8")
                    with self.suspend():
                        subprocess.run([*command, str(path)], check=False)
                except SuspendNotSupported:
                    self.notify("No pager can be shown here; Ctrl+S saves the text.", markup=False)
                except (StorageError, OSError) as error:
                    self.notify(f"It cannot be shown: {error}", severity="error", markup=False)
            self.refresh(layout=True)
