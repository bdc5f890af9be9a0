"""An open conversation: send, retry, continue and edit are one path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from llmhub_tui.domain.conversation import Conversation, title_from
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Attachment, Message, Role
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.turn import Ports, Turn


class Session:
    """Makes turns in one conversation. At most one of them runs at a time; the front end sees to that."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        ports: Ports,
        new_id: Callable[[], str],
        options: TurnOptions,
    ) -> None:
        """Takes the conversation, which stays the caller's to read.

        Args:
            conversation: changed by every turn.
            ports: client, disk and time.
            new_id: makes message ids that no other message anywhere has.
            options: for the turns to come; may be replaced between turns.
        """
        self.conversation = conversation
        self.options = options
        self._ports = ports
        self._new_id = new_id

    async def send(self, text: str, attachments: Sequence[Attachment] = ()) -> Turn:
        """A new prompt behind the last message; it is on the disk before this returns."""
        leaf = self.conversation.leaf()
        prompt = self._prompt(text, leaf.id if leaf else None, tuple(attachments))
        if not self.conversation.title:
            self.conversation.title = title_from(text)
        return await self._turn(prompt.id, new=[prompt])

    async def edit(self, prompt_id: str, text: str) -> Turn:
        """Another version of a prompt, beside the old one, and a reply to it.

        Raises:
            ValueError: if the message is not a prompt.
        """
        old = self.conversation[prompt_id]
        if old.role is not Role.USER:
            raise ValueError(f"message {prompt_id!r} is no prompt")
        prompt = self._prompt(text, old.parent, old.attachments)
        return await self._turn(prompt.id, new=[prompt])

    async def retry(self, reply_id: str) -> Turn:
        """Another attempt at a reply, beside the old one.

        Raises:
            ValueError: if the message is not a reply.
        """
        return await self._turn(self._answered(reply_id))

    async def resume(self, reply_id: str) -> Turn:
        """Another attempt that keeps a reply's text and goes on behind it.

        Raises:
            ValueError: if the message is not a reply.
        """
        return await self._turn(self._answered(reply_id), kept=self.conversation[reply_id].text)

    def _answered(self, reply_id: str) -> str:
        """The id of the message that a reply answers."""
        reply = self.conversation[reply_id]
        if reply.role is not Role.ASSISTANT or reply.parent is None:
            raise ValueError(f"message {reply_id!r} is no reply")
        return reply.parent

    def _prompt(self, text: str, parent: str | None, attachments: tuple[Attachment, ...]) -> Message:
        prompt = Message(
            self._new_id(),
            parent,
            Role.USER,
            text,
            attachments=attachments,
            created_at=self._ports.clock.wall(),
        )
        self.conversation.add(prompt)
        return prompt

    async def _turn(self, parent: str, *, new: Iterable[Message] = (), kept: str = "") -> Turn:
        """The one path: a reply is made, it and its prompt are saved, and its turn is returned."""
        reply = Message(
            self._new_id(),
            parent,
            Role.ASSISTANT,
            kept,
            created_at=self._ports.clock.wall(),
            model=self.options.model,
            kept_chars=len(kept),
        )
        self.conversation.add(reply)
        unsaved = ""
        try:
            await self._ports.recorder.begin(self.conversation, [*new, reply])
        except StorageError as error:
            unsaved = str(error)
        return Turn(
            self.conversation,
            reply,
            sendable(self.conversation.before(reply.id)),
            ports=self._ports,
            options=self.options,
            unsaved=unsaved,
        )


def sendable(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages as servers accept them: no empty replies, no tool calls that were never answered."""
    kept = list(messages)
    answered = {message.tool_call_id for message in kept if message.role is Role.TOOL}
    found: list[Message] = []
    for message in kept:
        if message.role is Role.ASSISTANT:
            calls = tuple(call for call in message.tool_calls if call.id in answered)
            message = replace(message, tool_calls=calls)
            if not message.text and not calls:
                continue
        found.append(message)
    return tuple(found)
