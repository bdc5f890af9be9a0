"""Stop, retry, continue, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from llmhub_tui.tui.actions.history import HistoryActions
from llmhub_tui.tui.chat import can_continue

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.reading import ReadingPane


class ReplyActions(HistoryActions):
    """What is done about the last reply, and about any message."""

    def action_stop(self) -> None:
        """Closes the find bar, stops the reply, leaves an earlier prompt, or leads back to the composer."""
        if self.chat_screen.close_find() or self.close_panel(focused=True):
            return
        if not self.chat.stop():
            self.leave_rung()
            self.chat.composer.focus()

    def action_retry(self) -> None:
        """Another attempt at the last reply; or ends a countdown; or, with text, searches earlier prompts."""
        if self.chat.counting_down and self.chat.player.skip_wait():
            return
        reply = self.chat.last_reply()
        if reply is None or self.chat.composer.text.strip():
            self.action_search_prompts()
        elif self.chat.running:
            self.notify("A reply is running.", markup=False)
        else:
            self.chat.start(lambda session: session.retry(reply.id))

    def action_skip_wait(self) -> None:
        """Ends the countdown of a retry; its key is a plain letter."""
        self.chat.player.skip_wait()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves the plain letter to the composer, unless a countdown runs and nothing is being typed."""
        if action == "skip_wait":
            typing = isinstance(self.focused, Input) or self.chat.composer.text
            return self.chat.counting_down and not typing
        return super().check_action(action, parameters)

    def action_resume(self) -> None:
        """Goes on where the last reply was cut."""
        reply = self.chat.last_reply()
        if self.chat.running or reply is None or not can_continue(reply):
            self.notify("There is no cut reply to continue.", markup=False)
            return
        self.chat.start(lambda session: session.resume(reply.id))

    def action_search_prompts(self) -> None:
        """Looks for an earlier prompt, by what is in the composer."""
        from llmhub_tui.tui.history.prompts import PromptSearch  # the option list: 30 ms

        if self.workspace is None:
            return

        def answered(text: str | None) -> None:
            if text:
                self.recall(text)

        wish = " ".join(self.chat.composer.text.split())[:80]
        self.push_screen(PromptSearch(self.workspace.library.prompts.search, wish), answered)

    def on_reading_pane_edit_wanted(self, event: ReadingPane.EditWanted) -> None:
        """Writes another version of a prompt; of the one that a reply answers, if it is a reply."""
        if self.chat.session is None:
            return
        conversation = self.chat.session.conversation
        leading = [*conversation.before(event.key), conversation[event.key]]
        prompt = next((message for message in reversed(leading) if message.is_prompt), None)
        if prompt is not None:
            self.edit_prompt(prompt.id)
