"""What goes along with a prompt: files, and pastes that are too large for an editor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.tui.actions.host import Host
from llmhub_tui.tui.terminal.keyboard import LargePaste
from llmhub_tui.tui.widgets.attachments import in_words

if TYPE_CHECKING:
    from llmhub_tui.domain.messages import Attachment


class AttachActions(Host):
    """What is done about attachments."""

    _pasted = 0

    def offer(self, event: LargePaste) -> None:
        """Offers a paste that no prompt should hold as an attachment."""
        if event.cut:
            self.notify("So much was pasted that it was not kept. Attach a file instead.", markup=False)
        elif self.focused is not self.chat.composer:
            self.notify(f"{in_words(len(event.data))} are too much for this field.", markup=False)
        else:
            self.run_worker(self._attach_paste(event.data), group="attach")

    def action_attach(self) -> None:
        """Asks for a file."""
        if len(self.screen_stack) == 1:
            self.run_worker(self._attach_file(), group="attach", exclusive=True)

    async def _attach_paste(self, data: bytes) -> None:
        from llmhub_tui.domain.messages import Attachment  # loaded by now, but not for the first frame
        from llmhub_tui.tui.attaching import LARGEST

        if len(data) > LARGEST:
            question = f"{in_words(len(data))} of text were pasted. Attach them? Few servers take as much."
            if not await self.confirm(question, yes="Attach"):
                return
        self._pasted += 1
        await self._put_along(Attachment(f"pasted-{self._pasted}.txt", "text/plain", data))

    async def _attach_file(self) -> None:
        from llmhub_tui.tui.attaching import read_attachment  # with the input fields of the dialog: 20 ms
        from llmhub_tui.tui.dialogs.attach import AttachDialog

        path, problem = "", ""
        while True:
            path = await self.push_screen_wait(AttachDialog(path, problem))
            if not path:
                return
            try:
                found = await asyncio.to_thread(read_attachment, Path.cwd() / Path(path).expanduser())
            except StorageError as error:
                problem = str(error)
                continue
            await self._put_along(found)
            return

    async def _put_along(self, attachment: Attachment) -> None:
        await self.chat.attachments.add(attachment)
        self.chat.composer.focus()
