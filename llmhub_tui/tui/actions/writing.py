"""Writing a prompt: drafts, earlier prompts, editing one where it stands, sending."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from textual.timer import Timer
from textual.widgets import TextArea

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain
from llmhub_tui.tui.actions.attaching import AttachActions
from llmhub_tui.tui.clipboard import copy_text
from llmhub_tui.tui.pastes import LARGEST
from llmhub_tui.tui.terminal.keyboard import LargePaste
from llmhub_tui.tui.widgets.composer import Composer
from llmhub_tui.tui.widgets.ladder import Rung

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session
    from llmhub_tui.session.turn import Turn

_SAVE_S: Final = 0.15
"""How long typed text waits before it is given to the disk, which takes another tenth of a second."""
_MOST_OLDER: Final = 500


class WritingActions(AttachActions):
    """What is done in the composer."""

    _saving: Timer | None = None
    _sent: tuple[str, ...] = ()
    """What was sent or cleared here, the last one first; the disk may not have all of it yet."""

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Has what is typed saved soon."""
        if event.text_area is self.chat.composer and self.desk.write(event.text_area.text):
            self._saving = self._saving or self.set_timer(_SAVE_S, self.save_draft)

    async def on_large_paste(self, event: LargePaste) -> None:
        """Takes a paste that is too long for the editor: a mark stands for it, and all of it is sent."""
        if event.cut or len(event.data) > LARGEST:
            self.offer(event)
            return
        if self.screen is not self.chat_screen:
            self.notify("This is too long to be pasted here.", severity="warning", markup=False)
            return
        text = await asyncio.to_thread(lambda: plain(event.data.decode("utf-8", "replace")))
        composer = self.chat.composer
        composer.replace(self.desk.pastes.fold(text), *composer.selection, maintain_selection_offset=False)
        composer.focus()

    def save_draft(self) -> None:
        """Has what is written saved now."""
        if self._saving is not None:
            self._saving.stop()
            self._saving = None
        self.desk.save()

    async def on_composer_stepped(self, event: Composer.Stepped) -> None:
        """Shows an older or a newer prompt; with nothing written, the last prompt to be edited."""
        composer, desk = self.chat.composer, self.desk
        desk.write(composer.text)
        if event.step > 0 and desk.ladder.place[0] == 0:
            desk.climb(await self._older())
        if desk.ladder.step(event.step) is None:
            composer.move_line(event.step)
        else:
            self.show_writing(stepping=True)

    async def _older(self) -> list[Rung]:
        """What Up leads through: the last prompt, to be edited, if nothing is written; then the history."""
        rungs: list[Rung] = []
        prompt = self.chat.last_prompt()
        if prompt is not None and not self.desk.ladder.here.text:
            rungs.append(Rung(self.desk.pastes.fold(prompt.text), prompt.id))
        known: list[str] = list(self._sent)
        if self.workspace is not None:
            with suppress(StorageError):  # the history is a convenience; the banner tells of the disk
                known += await asyncio.to_thread(self.workspace.library.prompts.recent, _MOST_OLDER)
        if rungs:
            known = [text for text in known if text != rungs[0].text]
        return rungs + [Rung(text) for text in dict.fromkeys(known)]

    def show_writing(self, *, stepping: bool = False) -> None:
        """Makes the composer show what the desk has."""
        rung, (at, last) = self.desk.ladder.here, self.desk.ladder.place
        mode = hint = ""
        if at and rung.edits:
            mode, hint = "Editing a prompt · Enter sends another version · Esc leaves", "editing"
        elif at:
            mode, hint = f"Earlier prompt {at} of {last} · Esc leaves", "earlier prompt"
        self.chat.composer.put(rung.text, mode, stepping=stepping)
        self.chat.status.writing = hint

    def edit_prompt(self, prompt_id: str) -> None:
        """Writes another version of a prompt; what was being written comes back afterwards."""
        if self.chat.session is None:
            return
        self.leave_rung()
        text = self.chat.session.conversation[prompt_id].text
        self.desk.climb([Rung(self.desk.pastes.fold(text), prompt_id)])
        self.desk.ladder.step(1)
        self.show_writing()
        self.chat.composer.focus()

    def leave_rung(self) -> bool:
        """Goes back to what was being written before; says whether something else was."""
        self.desk.write(self.chat.composer.text)
        if not self.desk.ladder.place[0]:
            return False
        for text in self.desk.leave():
            self.remember(text)
        self.save_draft()
        self.show_writing()
        return True

    def recall(self, text: str) -> None:
        """Puts an earlier prompt into the composer; what was there is remembered."""
        self.leave_rung()
        self.remember(self.chat.composer.text)
        self.chat.composer.put(text)
        self.chat.composer.focus()

    def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Sends the prompt, or keeps it in the composer while a reply is running."""
        if self.chat.running:
            self.notify("A reply is running. Escape stops it; then Enter sends.", markup=False)
            return
        self.desk.write(event.text)
        edits = self.desk.ladder.here.edits
        ahead = typed_after(event.text, self.chat.composer.text)
        text = self.desk.pastes.unfold(event.text).strip("\n")
        self.desk.hold()
        self.desk.clear()
        if ahead:
            self.desk.write(self.desk.ladder.here.text + ahead)
        self.show_writing()

        bar = self.chat.attachments
        attachments = () if edits else bar.take()

        async def make(session: Session) -> Turn:
            turn = await (session.edit(edits, text) if edits else session.send(text, attachments))
            self.desk.release(session.conversation.id)
            self.remember(event.text)
            return turn

        def unsent() -> None:
            self.desk.release()
            self.chat.composer.put(event.text + self.chat.composer.text)
            bar.put_back(attachments)

        self.chat.start(make, unsent)

    def action_interrupt(self) -> None:
        """Copies what is selected, or stops the reply, or clears the composer. Never quits."""
        composer = self.chat.composer
        selected = composer.selected_text or self.screen.get_selected_text() or ""
        if selected:
            copy_text(self, selected)
            self.notify("Copied the selection", markup=False)
        elif self.chat.stop():
            pass
        elif composer.text.strip():
            self.remember(composer.text)
            self.desk.clear()
            self.show_writing()
            self.save_draft()
            self.notify("Cleared. Ctrl+R finds it again, and so does Up.", markup=False)
        else:
            self.notify("Ctrl+Q quits.", markup=False)

    def remember(self, text: str) -> None:
        """Adds to what Up leads through."""
        if text.strip():
            self._sent = tuple(dict.fromkeys((text, *self._sent)))[:_MOST_OLDER]
            if self.workspace is not None:
                self.workspace.library.prompts.add(self.desk.pastes.unfold(text))


def typed_after(sent: str, now: str) -> str:
    """What was typed behind a text after it was sent; all that is there, where it is another text by now."""
    return now.removeprefix(sent)
