"""An open conversation: send, retry, continue and edit are one path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from llmhub_tui.domain.conversation import Conversation, title_from
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ErrorKind, StorageError
from llmhub_tui.domain.messages import Attachment, Message, Role
from llmhub_tui.domain.seam import resumable
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.titles import ask_for_title
from llmhub_tui.session.turn import Turn


class Session:
    """Makes turns in one conversation. At most one of them runs at a time; the front end sees to that."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        ports: Ports,
        options: TurnOptions,
    ) -> None:
        """Takes the conversation, which stays the caller's to read.

        Args:
            conversation: changed by every turn.
            ports: client, disk, time, tools, whom to ask.
            options: for the turns to come; may be replaced between turns.
        """
        self.conversation = conversation
        self.options = options
        self._ports = ports

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
        """Goes on from a reply.

        One that was cut gets another attempt, which keeps its text and goes on behind it. One that asks
        for tools gets its calls answered; where they are answered already, the next reply is asked for.
        Where a token limit of ours cut the reply, the attempt may have twice as many tokens. Where the
        server began anew when it was asked to go on, it is now asked in words.

        Raises:
            ValueError: if the message is not a reply.
        """
        parent = self._answered(reply_id)
        reply = self.conversation[reply_id]
        if not reply.tool_calls or reply.ending is not Ending.TOOL_CALLS:
            return await self._turn(parent, kept=replace(reply, text=resumable(reply.text)))
        results = self.conversation.results(reply_id)
        if results:
            return await self._turn(results[-1].id)
        unsaved = ""
        if reply.failure is not None:
            reply = replace(reply, failure=None)
            self.conversation.update(reply)
            try:
                await self._ports.recorder.finish(self.conversation, reply)
            except StorageError as error:
                unsaved = str(error)
        return Turn(self.conversation, reply, ports=self._ports, options=self.options, unsaved=unsaved)

    def has_title_of_words(self) -> bool:
        """Whether one exchange was made, and the title is still the beginning of its prompt."""
        prompts = [message for message in self.conversation.path() if message.role is Role.USER]
        return len(prompts) == 1 and self.conversation.title == title_from(prompts[0].text)

    async def ask_for_title(self) -> str:
        """A title from the model; empty where it gives none."""
        said = [message for message in self.conversation.path() if message.role is not Role.TOOL]
        return await ask_for_title(self._ports.client, said, self.options)

    def _answered(self, reply_id: str) -> str:
        """The id of the message that a reply answers."""
        reply = self.conversation[reply_id]
        if reply.role is not Role.ASSISTANT or reply.parent is None:
            raise ValueError(f"message {reply_id!r} is no reply")
        return reply.parent

    def _prompt(self, text: str, parent: str | None, attachments: tuple[Attachment, ...]) -> Message:
        prompt = Message(
            self._ports.new_id(),
            parent,
            Role.USER,
            text,
            attachments=attachments,
            created_at=self._ports.clock.wall(),
        )
        self.conversation.add(prompt)
        return prompt

    async def _turn(self, parent: str, *, new: Iterable[Message] = (), kept: Message | None = None) -> Turn:
        """The one path: a reply is made, it and its prompt are saved, and its turn is returned."""
        text = kept.text if kept is not None else ""
        reply = Message(
            self._ports.new_id(),
            parent,
            Role.ASSISTANT,
            text,
            created_at=self._ports.clock.wall(),
            model=self.options.model,
            kept_chars=len(text),
            seams=tuple(seam for seam in kept.seams if seam < len(text)) if kept is not None else (),
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
            ports=self._ports,
            options=continuing(self.options, kept) if kept is not None else self.options,
            unsaved=unsaved,
        )


def continuing(options: TurnOptions, reply: Message) -> TurnOptions:
    """The options for going on with a reply, by how it ended."""
    limit = options.parameters.max_tokens
    if reply.ending is Ending.LENGTH and limit is not None:
        return replace(options, parameters=replace(options.parameters, max_tokens=2 * limit))
    restarted = reply.failure is not None and reply.failure.kind == ErrorKind.RESTARTED
    return replace(options, in_words=restarted)
