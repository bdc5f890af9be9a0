"""Stop, retry, continue."""

from __future__ import annotations

from llmhub_tui.tui.actions.host import Host
from llmhub_tui.tui.chat import can_continue


class ReplyActions(Host):
    """What is done about the last reply."""

    def action_stop(self) -> None:
        """Closes the find bar, or stops the reply; with neither, leads back to the composer."""
        if not self.chat_screen.close_find() and not self.chat.stop():
            self.chat.composer.focus()

    def action_retry(self) -> None:
        """Makes another attempt at the last reply, or ends the countdown of one."""
        if self.chat.player.skip_wait():
            return
        reply = self.chat.last_reply()
        if self.chat.running or reply is None:
            self.notify("A reply is running." if reply else "There is no reply to retry yet.", markup=False)
            return
        self.chat.start(lambda session: session.retry(reply.id))

    def action_skip_wait(self) -> None:
        """Ends the countdown of a retry; its key is a plain letter."""
        self.chat.player.skip_wait()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves the plain letter to the composer, unless a countdown runs and nothing is being typed."""
        if action == "skip_wait":
            return self.chat.player.counting_down and not self.chat.composer.text
        return super().check_action(action, parameters)

    def action_resume(self) -> None:
        """Goes on where the last reply was cut."""
        reply = self.chat.last_reply()
        if self.chat.running or reply is None or not can_continue(reply):
            self.notify("There is no cut reply to continue.", markup=False)
            return
        self.chat.start(lambda session: session.resume(reply.id))
