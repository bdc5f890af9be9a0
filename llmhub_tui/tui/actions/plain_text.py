"""The conversation as plain text, for screen readers, braille displays, and everybody's own pager."""

from __future__ import annotations

import os
import shutil

from textual.app import SuspendNotSupported

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.tui.actions.host import Host


class PlainTextActions(Host):
    """What is read without a picture."""

    def action_read_plain(self) -> None:
        """Leaves the picture and shows the conversation from its beginning in a pager, as lines of text."""
        from llmhub_tui.tui.plain_copy import pager_command  # not needed for the first frame: 5 ms

        session, command = self.chat.session, pager_command(os.environ, shutil.which)
        if self.workspace is None or session is None or not len(session.conversation):
            self.notify("There is nothing to read yet.", markup=False)
        elif not command:
            self.notify("There is no pager: set PAGER, or install less.", markup=False)
        else:
            self.run_worker(self._read_plain(command), group="pager", exclusive=True)

    async def _read_plain(self, command: list[str]) -> None:
        from llmhub_tui.tui.plain_copy import read_in_pager  # see above

        if self.workspace is None:
            return
        try:
            await read_in_pager(self, self.workspace.exporter, self.chat.player, command)
        except SuspendNotSupported:
            self.notify("No pager can be shown here; Ctrl+S saves the text.", markup=False)
        except (StorageError, OSError) as error:
            self.notify(f"It cannot be shown: {error}", severity="error", markup=False)
