"""Every action by name: one table makes the key bindings, the command palette and the help."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the user can ask for."""

    id: str
    """Stable, so that a user's own key map can name it."""
    keys: str
    """Textual's key names, separated by commas; empty where only the palette leads there."""
    title: str
    help: str
    action: str
    """An action of the app or of the chat's screen, with its namespace."""

    def binding(self) -> Binding:
        """The key binding. It has priority, since the prompt editor knows some of the keys too."""
        return Binding(
            self.keys, self.action, self.title, id=self.id, tooltip=self.help, show=False, priority=True
        )


COMMANDS = (
    Command("reply.stop", "escape", "Stop", "Stop the reply; what has arrived is kept", "app.stop"),
    Command("reply.retry", "ctrl+r", "Retry", "Another attempt, beside the last one", "app.retry"),
    Command("reply.now", "r", "Retry now", "Skip the wait of a retry's countdown", "app.skip_wait"),
    Command(
        "composer.interrupt",
        "ctrl+c",
        "Copy, stop or clear",
        "Never quits, never loses text",
        "app.interrupt",
    ),
    Command("composer.search", "", "Search earlier prompts", "In all conversations", "app.search_prompts"),
    Command("reply.continue", "ctrl+g", "Continue", "Go on where a cut or stopped reply ends", "app.resume"),
    Command(
        "reply.copy", "ctrl+y", "Copy the last reply", "Its Markdown, to the clipboard", "screen.copy_reply"
    ),
    Command("chat.save", "ctrl+s", "Save the transcript", "As .md, .html, .json or .txt", "app.save"),
    Command("chat.new", "ctrl+n", "New chat", "The current one stays saved", "app.new_chat"),
    Command("chat.find", "ctrl+f", "Find", "Mark every hit in the conversation", "screen.find"),
    Command(
        "chat.plain", "f9", "Read as plain text", "In your pager, for screen readers too", "app.read_plain"
    ),
    Command("chat.tools", "ctrl+t", "Tools", "Which tools this conversation may use", "app.tools"),
    Command(
        "history.panel",
        "ctrl+b",
        "Conversations",
        "Beside the chat; filter and open one",
        "app.history_panel",
    ),
    Command("history.screen", "ctrl+o", "History", "Search in every message of every chat", "app.history"),
    Command(
        "history.undo", "", "Undo delete", "Bring back the chat that was deleted last", "app.undo_delete"
    ),
    Command("server.model", "ctrl+l", "Choose a model", "From those that the server has", "app.choose_model"),
    Command("server.wire", "f12", "Wire view", "Request, answer and raw events, as they come", "app.wire"),
    Command(
        "chat.offers",
        "slash",
        "Prompts and resources",
        "What MCP servers offer, for the composer; in an empty one",
        "app.offers",
    ),
    Command("chat.attach", "f3", "Attach a file", "A text or a picture, with the next prompt", "app.attach"),
    Command("app.connect", "f2", "Connect", "Another server, or another key for this one", "app.connect"),
    Command("app.help", "f1", "Help", "Keys, connecting, endings, troubleshooting", "app.help"),
    Command("app.quit", "ctrl+q", "Quit", "Everything is saved; asks if a reply is running", "app.quit"),
)


def bindings() -> list[Binding]:
    """The key bindings of all commands."""
    return [command.binding() for command in COMMANDS if command.keys]
