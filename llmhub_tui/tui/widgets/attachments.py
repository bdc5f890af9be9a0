"""What goes along with the next prompt, one chip each above the composer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from llmhub_tui.domain.plain import plain_line

if TYPE_CHECKING:
    from llmhub_tui.domain.messages import Attachment


def in_words(size: int) -> str:
    """A number of bytes for people."""
    for unit, name in ((1_000_000, "MB"), (1000, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size} bytes"


class Chip(Static, can_focus=True):
    """One attachment; Delete takes it away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "delete,backspace", "remove", "Remove", id="attachment.remove", tooltip="Do not send it along"
        ),
    ]

    def __init__(self, attachment: Attachment) -> None:
        """Takes what it stands for."""
        name, size = plain_line(attachment.name, 30), in_words(len(attachment.data))
        super().__init__(Content(f"{name} · {size} · Del"))
        self.attachment = attachment
        self.tooltip = "Delete takes it away"

    async def action_remove(self) -> None:
        """Goes."""
        bar = self.parent
        self.screen.focus_previous()
        await self.remove()
        if isinstance(bar, AttachmentBar):
            bar.display = bool(bar.attachments)


class AttachmentBar(Horizontal):
    """Shows nothing while there is nothing."""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What goes along."""
        return tuple(chip.attachment for chip in self.query(Chip))

    async def add(self, attachment: Attachment) -> None:
        """One more."""
        await self.mount(Chip(attachment))
        self.display = True

    def put_back(self, attachments: Sequence[Attachment]) -> None:
        """The prompt was not sent after all."""
        self.mount_all([Chip(attachment) for attachment in attachments])
        self.display = bool(attachments)

    def take(self) -> tuple[Attachment, ...]:
        """What goes along with the prompt that is sent now; the bar is empty afterwards."""
        taken = self.attachments
        self.remove_children()
        self.display = False
        return taken
