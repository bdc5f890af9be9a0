"""Saving a transcript: where to, may it be overwritten, and what went wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.app import App

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.dialogs.save import SaveDialog
from llmhub_tui.tui.workspace import Exporter


async def save_transcript(app: App[int], exporter: Exporter, conversation: Conversation) -> bool:
    """Asks until the transcript is saved, or the user gives up; says which. Runs in a worker of the app."""
    answer = exporter.default_name(conversation)
    problem = ""
    while True:
        answer = await app.push_screen_wait(SaveDialog(answer, problem))
        if not answer:
            return False
        path = Path.cwd() / Path(answer).expanduser()
        overwrite = False
        while True:
            try:
                await asyncio.to_thread(exporter.write, conversation, path, overwrite=overwrite)
            except FileExistsError:
                question = f"{path} is there already. Overwrite it?"
                if not await app.push_screen_wait(ConfirmDialog(question, yes="Overwrite")):
                    problem = "Choose another name."
                    break
                overwrite = True
            except StorageError as error:
                problem = str(error)
                break
            else:
                app.notify(f"Saved to {path}", markup=False)
                return True


def with_draft(conversation: Conversation, text: str) -> Conversation:
    """A copy of a conversation in which what is written and not sent stands behind the rest."""
    copy = Conversation(
        conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        messages=conversation.messages,
        chosen=conversation.chosen,
    )
    if text.strip():
        leaf = copy.leaf()
        copy.add(Message("unsent", leaf.id if leaf else None, Role.USER, text))
    return copy
