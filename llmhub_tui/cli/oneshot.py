"""Starts the one-shot mode."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode
from llmhub_tui.ask.oneshot import OneShot
from llmhub_tui.cli.crash import open_log
from llmhub_tui.cli.environment import take_environment
from llmhub_tui.cli.flags import Flags
from llmhub_tui.cli.taps import Recording
from llmhub_tui.cli.wiring import Target, find_target, new_id, open_session
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Message
from llmhub_tui.session.ports import Client, ConsentGate, NobodyToAsk, NoToolbox, Recorder, Toolbox
from llmhub_tui.store.library import Library
from llmhub_tui.store.paths import data_directory

if TYPE_CHECKING:
    from llmhub_tui.cli.tooling import Workshop

_LARGEST_INPUT = 16 << 20
"""Bytes of standard input that go along with a prompt."""


class NoRecorder:
    """Keeps nothing, because the user said so or because nothing can be kept."""

    async def begin(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Keeps nothing."""

    def append(self, reply_id: str, text: str, reasoning: str) -> None:
        """Keeps nothing."""

    async def finish(self, conversation: Conversation, reply: Message) -> None:
        """Keeps nothing."""


def full_prompt(prompt: str, stdin: TextIO) -> str:
    """The prompt with what stands on standard input behind it, where that is no terminal.

    Raises:
        ValueError: if there is neither.
    """
    piped = ""
    if not stdin.closed and not stdin.isatty():
        data = stdin.buffer.read(_LARGEST_INPUT + 1)
        if len(data) > _LARGEST_INPUT:
            raise ValueError("standard input holds more than 16 MB")
        piped = data.decode("utf-8", "replace").strip("\n")
    parts = [part for part in (prompt, piped) if part.strip()]
    if not parts:
        raise ValueError("there is no prompt")
    return "\n\n".join(parts)


@dataclass(frozen=True, slots=True)
class AskTools:
    """The tools of one question."""

    on: tuple[str, ...] = ()
    """Names or patterns of the tools that are offered."""
    allowed: tuple[str, ...] = ()
    """Names or patterns of the tools that may run."""


def start_ask(flags: Flags, prompt: str, *, json_lines: bool, save: bool, tools: AskTools) -> int:
    """Asks; answers with the exit status.

    Raises:
        ChatError: for a mistake in options or settings.
    """
    diagnostics = Diagnostics()
    try:
        text = full_prompt(prompt, sys.stdin)
    except ValueError as error:
        diagnostics.say(str(error), 'For instance: llmhub-chat ask "What is a monad?"')
        return ExitCode.USAGE
    environ = take_environment()
    open_log(environ, flags.log_level or "warning")
    recording = Recording(flags.record)
    target = find_target(flags, environ)
    library: Library | None = None
    try:
        if save:
            try:
                library = Library(data_directory(environ))
            except StorageError as error:
                diagnostics.say(f"not saved: {error}")
        recorder: Recorder = library if library is not None else NoRecorder()
        one_shot = OneShot(sys.stdout, diagnostics, json_lines=json_lines)
        client = target.client_maker(environ, recording.taps)()
        workshop = _workshop(target, environ) if tools.on else None
        return asyncio.run(_ask(target, client, one_shot, recorder, text, tools, workshop))
    finally:
        recording.close()
        target.close()
        if library is not None and not library.close():
            diagnostics.say(f"not everything could be saved: {library.trouble or 'the disk is busy'}")


def _workshop(target: Target, environ: Mapping[str, str]) -> Workshop:
    from llmhub_tui.cli.tooling import Workshop  # 40 ms, for those who want tools

    return Workshop(target.settings, environ, profile=target.connection.profile)


async def _ask(
    target: Target,
    client: Client,
    one_shot: OneShot,
    recorder: Recorder,
    text: str,
    tools: AskTools,
    workshop: Workshop | None,
) -> int:
    try:
        conversation = Conversation(new_id(), created_at=time.time())
        options = target.options(tools.on)
        plugged: tuple[Toolbox, ConsentGate] = (NoToolbox(), NobodyToAsk())
        if workshop is not None:
            plugged = (workshop.toolbox, workshop.list_gate(tools.allowed))
        session = open_session(conversation, client, recorder, options, tools=plugged)
        return await one_shot.play(await session.send(text))
    finally:
        await client.aclose()
        if workshop is not None:
            await asyncio.to_thread(workshop.servers.close)
