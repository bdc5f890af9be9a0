"""Makes the sessions of one run: the same client, disk and tools for all, a gate of its own for each."""

from __future__ import annotations

import time
from dataclasses import dataclass

from llmhub_tui.cli.tooling import Workshop
from llmhub_tui.cli.wiring import Target, new_id, open_session
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.session.ports import Client, Recorder
from llmhub_tui.session.session import Session


def fresh_conversation(id: str = "") -> Conversation:
    """An empty conversation; with the id of one in which something was written and nothing sent, that one."""
    return Conversation(id or new_id(), created_at=time.time())


@dataclass(slots=True)
class Sessions:
    """Opens conversations."""

    target: Target
    """Changes when the user connects to another server."""
    client: Client
    recorder: Recorder
    workshop: Workshop

    def of(self, conversation: Conversation) -> Session:
        """A session of a conversation."""
        shop = self.workshop
        plugs = shop.plugs(shop.asker.of(conversation))
        options = self.target.options(shop.on if conversation.tools is None else conversation.tools)
        return open_session(conversation, self.client, self.recorder, options, tools=plugs)

    def new(self) -> Session:
        """A session of a new conversation."""
        return self.of(fresh_conversation())
