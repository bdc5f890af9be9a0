"""The tree of attempts: every prompt and reply ever made, and the path through it that is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from llmhub_tui.domain.messages import Message, Role


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands among its siblings, counted from one, as in `2/3`."""

    attempt: int
    attempts: int


class Conversation:
    """Messages by id, linked by `parent`; at each fork one sibling is chosen.

    Siblings are attempts at the same thing: replies to one prompt, or versions of one prompt.
    Nothing is ever deleted. The path is the chain of chosen messages from the root to a leaf.
    """

    def __init__(
        self,
        id: str,
        *,
        title: str = "",
        created_at: float = 0.0,
        messages: Iterable[Message] = (),
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        """Builds the tree; parents come before their children.

        Args:
            id: names the conversation for good.
            title: empty until the first prompt gives it one.
            created_at: seconds since the Unix epoch.
            messages: in the order in which they were made.
            chosen: parent id (`""` for the root) to the child that is on the path.

        Raises:
            ValueError: if an id comes twice or a parent is missing.
        """
        if not id:
            raise ValueError("Conversation.id is empty")
        self.id = id
        self.title = title
        self.created_at = created_at
        self.tools: tuple[str, ...] | None = None
        """The tools that are on here; `None` where nobody has chosen and the profile decides."""
        self._messages: dict[str, Message] = {}
        self._children: dict[str, list[str]] = {"": []}
        self._chosen: dict[str, str] = {}
        for message in messages:
            self.add(message)
        for parent, child in (chosen or {}).items():
            if child in self._children.get(parent, ()):
                self._chosen[parent] = child

    def __len__(self) -> int:
        return len(self._messages)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def __getitem__(self, message_id: str) -> Message:
        return self._messages[message_id]

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages of all attempts, oldest first."""
        return tuple(self._messages.values())

    @property
    def chosen(self) -> Mapping[str, str]:
        """Parent id (`""` for the root) to its child on the path."""
        return dict(self._chosen)

    def add(self, message: Message) -> None:
        """Adds a message and chooses it, so that the path now leads through it."""
        if message.id in self._messages:
            raise ValueError(f"message {message.id!r} is there already")
        if message.parent is not None and message.parent not in self._messages:
            raise ValueError(f"message {message.id!r} has no parent {message.parent!r} here")
        self._messages[message.id] = message
        self._children[message.id] = []
        self._children[message.parent or ""].append(message.id)
        self._chosen[message.parent or ""] = message.id

    def update(self, message: Message) -> None:
        """Puts a newer version of a message in its place."""
        known = self._messages[message.id]
        if message.parent != known.parent:
            raise ValueError(f"message {message.id!r} cannot move to parent {message.parent!r}")
        self._messages[message.id] = message

    def path(self) -> list[Message]:
        """The chosen messages, from the root to the leaf."""
        found: list[Message] = []
        at = self._chosen.get("")
        while at is not None:
            found.append(self._messages[at])
            at = self._chosen.get(at)
        return found

    def before(self, message_id: str) -> list[Message]:
        """The messages that lead to this one, from the root, without it."""
        found: list[Message] = []
        at = self._messages[message_id].parent
        while at is not None:
            found.append(self._messages[at])
            at = self._messages[at].parent
        return found[::-1]

    def leaf(self) -> Message | None:
        """The last message of the path."""
        path = self.path()
        return path[-1] if path else None

    def last(self, role: Role) -> Message | None:
        """The last message of the path that has this role."""
        return next((message for message in reversed(self.path()) if message.role is role), None)

    def siblings(self, message_id: str) -> tuple[str, ...]:
        """The ids of all attempts at what this message is an attempt at, itself included, oldest first."""
        return tuple(self._children[self._messages[message_id].parent or ""])

    def place(self, message_id: str) -> Place:
        """Which of its siblings a message is."""
        siblings = self.siblings(message_id)
        return Place(siblings.index(message_id) + 1, len(siblings))

    def results(self, reply_id: str) -> list[Message]:
        """The answers to a reply's tool calls, in order: the chosen chain of tool messages behind it."""
        found: list[Message] = []
        at = self._chosen.get(reply_id)
        while at is not None and self._messages[at].role is Role.TOOL:
            found.append(self._messages[at])
            at = self._chosen.get(at)
        return found

    def reply_of(self, result_id: str) -> Message:
        """The reply that asked for what a tool message holds."""
        at = self._messages[result_id]
        while at.role is Role.TOOL and at.parent is not None:
            at = self._messages[at.parent]
        return at

    def choose(self, message_id: str) -> None:
        """Leads the path through this message; what follows it is what was chosen there last."""
        while True:
            parent = self._messages[message_id].parent
            self._chosen[parent or ""] = message_id
            if parent is None:
                return
            message_id = parent

    def fork(self, message_id: str, *, id: str, created_at: float) -> Conversation:
        """A new conversation that holds the path up to and including a message.

        The copies get ids of their own, since a message id is unique among all conversations.
        """
        parent: str | None = None
        other = Conversation(id, title=self.title, created_at=created_at)
        other.tools = self.tools
        for message in [*self.before(message_id), self._messages[message_id]]:
            copy = replace(message, id=f"{id}-{len(other) + 1}", parent=parent)
            other.add(copy)
            parent = copy.id
        return other


def title_from(prompt: str, limit: int = 60) -> str:
    """A title made from the first words of a prompt: its first line with anything in it, cut at a word."""
    line = next((" ".join(line.split()) for line in prompt.splitlines() if line.strip()), "")
    if len(line) <= limit:
        return line
    cut = line[:limit].rsplit(" ", 1)[0] if " " in line[:limit] else line[:limit]
    return cut.rstrip(" ,.;:-") + "…"
