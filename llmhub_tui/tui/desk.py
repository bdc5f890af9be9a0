"""What is being written, in each conversation; saved a moment after each change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from llmhub_tui.tui.pastes import Pastes
from llmhub_tui.tui.widgets.ladder import Ladder, Rung

if TYPE_CHECKING:
    from llmhub_tui.tui.library import Drafts

_ASIDE: Final = "/edit"
"""Behind a conversation's id: names the draft of what is written above its own draft."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """What was written in a conversation when it was last left."""

    draft: str = ""
    above: Rung | None = None
    """An earlier prompt that was being written on, over the draft."""


def read_unsent(drafts: Drafts, conversation_id: str) -> Unsent:
    """Reads what was left unsent; may block.

    Raises:
        StorageError: if the disk refuses.
    """
    edits, found, text = drafts.text(conversation_id + _ASIDE).partition("\n")
    return Unsent(drafts.text(conversation_id), Rung(text, edits) if found else None)


def never_sent(drafts: Drafts) -> str:
    """The id of the last chat in which something was written and nothing sent; empty for none. May block.

    Raises:
        StorageError: if the disk refuses.
    """
    left = (draft.conversation_id for draft in drafts.left())
    return next((id for id in left if "/" not in id), "")  # behind a slash stands what is no chat's own draft


class Desk:
    """One ladder for each conversation that was opened; the current one is written on."""

    def __init__(self) -> None:
        """Begins with a sheet that belongs to no conversation yet."""
        self.drafts: Drafts | None = None
        """Where unsent text is kept; `None` until it is known."""
        self.pastes = Pastes()
        """Long texts in what is written, which holds marks instead of them."""
        self._id = ""
        self._ladders: dict[str, Ladder] = {"": Ladder(Rung(""))}
        self._changed = False
        self._held: set[str] = set()
        self._saved_above: set[str] = set()

    @property
    def ladder(self) -> Ladder:
        """What is written in the current conversation."""
        return self._ladders[self._id]

    def text(self, conversation_id: str) -> str:
        """What is being written in a conversation, with what was pasted into it."""
        ladder = self._ladders.get(conversation_id)
        return self.pastes.unfold(ladder.here.text) if ladder is not None else ""

    def knows(self, conversation_id: str) -> bool:
        """Whether a conversation was opened before, so that its text need not be read."""
        return conversation_id in self._ladders

    def open(self, conversation_id: str, unsent: Unsent) -> str:
        """Goes to a conversation; returns text that had to make room and should be remembered.

        Args:
            conversation_id: of the conversation that is opened.
            unsent: what was left in it, unless it was opened before.
        """
        pushed = ""
        first = self._ladders.pop("", None)
        if not self.knows(conversation_id):
            draft, above = self.pastes.fold(unsent.draft), unsent.above
            if above is not None:
                above = replace(above, text=self.pastes.fold(above.text))
            if first is not None and first.here.text:  # typed before anything was loaded
                pushed, draft = draft, first.here.text
                self._changed = True
            ladder = Ladder(Rung(draft), [above] if above is not None else ())
            if above is not None:
                ladder.step(1)
                self._saved_above.add(conversation_id)
            self._ladders[conversation_id] = ladder
        self._id = conversation_id
        return pushed

    def write(self, text: str) -> bool:
        """Takes the text as it is now; says whether it has changed."""
        if text == self.ladder.here.text:
            return False
        self.ladder.write(text)
        self._changed = True
        return True

    def climb(self, older: Iterable[Rung]) -> None:
        """Puts earlier prompts above what is being written."""
        self._ladders[self._id] = Ladder(self.ladder.here, older)

    def leave(self) -> tuple[str, ...]:
        """Goes back to the draft; returns the texts that were changed above it."""
        _, changed = self.ladder.leave()
        self._ladders[self._id] = Ladder(self.ladder.draft)
        self._changed = True
        return changed

    def clear(self) -> None:
        """Takes what is being written away. What was written below it is there again."""
        at, _ = self.ladder.place
        draft = self.ladder.draft.text if at else ""
        self._ladders[self._id] = Ladder(Rung(draft))
        self._changed = True

    def hold(self) -> None:
        """Leaves what is saved as it is, until `release`: a prompt is on its way to the disk."""
        self._held.add(self._id)

    def release(self, conversation_id: str = "") -> None:
        """The prompt is on the disk, so that its draft is not needed any more; or nothing came of it."""
        self._held.discard(conversation_id)
        self._held.discard("")
        if conversation_id == self._id:
            self._changed = True
            self.save()
        elif conversation_id in self._ladders:
            self._save(conversation_id)

    def save(self) -> None:
        """Has the current text saved, if it has changed. Never blocks and never raises."""
        if self._changed and self._id and self._id not in self._held:
            self._changed = False
            self._save(self._id)

    def _save(self, conversation_id: str) -> None:
        if self.drafts is None:
            return
        ladder = self._ladders[conversation_id]
        self.drafts.save(conversation_id, self.pastes.unfold(ladder.draft.text))
        at, _ = ladder.place
        text = self.pastes.unfold(ladder.here.text)
        above = f"{ladder.here.edits}\n{text}" if at and text else ""
        if above or conversation_id in self._saved_above:
            self.drafts.save(conversation_id + _ASIDE, above)
            self._saved_above.add(conversation_id)
