"""Plays a recording back, through the same code that a server's answers go through."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.api.replaying import ReplayTransport, exchanges_of
from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode
from llmhub_tui.ask.oneshot import OneShot
from llmhub_tui.cli.chat import outcome, terminal_problem
from llmhub_tui.cli.crash import open_log
from llmhub_tui.cli.oneshot import NoRecorder
from llmhub_tui.cli.replay_script import RecordedTools, Script, body_of
from llmhub_tui.cli.wiring import new_id
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.domain.retry import RetryPolicy
from llmhub_tui.domain.wire_log import WireLog
from llmhub_tui.export.recording import read_recording
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import Clocks, TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.ports import Recorder
from llmhub_tui.session.session import Session

_FOR_EVER_S: Final = 1e9
_PATH: Final = "/chat/completions"


class Replay:
    """A recording with all that plays it: it has a client like any other, only the network is the file."""

    def __init__(self, path: Path, speed: float) -> None:
        """Reads the recording.

        Args:
            path: of the file.
            speed: how many times faster than recorded; 0 for no waiting at all.

        Raises:
            StorageError: if it cannot be read.
            ChatError: of the kind `SETUP`, if no reply was recorded.
        """
        exchanges = exchanges_of(read_recording(path))
        asked = [one.asked for one in exchanges if one.asked.method == "POST"]
        if not asked:
            raise ChatError(ErrorKind.SETUP, f"{path} holds no reply", advice="Record one with --record.")
        bodies = [body_of(one.body) for one in asked]
        self.log = WireLog()
        self.model = str(bodies[0].get("model") or "")
        self._transport = ReplayTransport(exchanges, speed)
        self._tools = RecordedTools(bodies)
        endpoint = Endpoint(asked[0].url.partition(_PATH)[0], continuation="last")
        self.client = ChatClient(endpoint, (self.log,), network=self._transport)
        self.script = Script(self._transport)
        self._options = TurnOptions(
            model=self.model,
            stream=bodies[0].get("stream") is not False,
            clocks=Clocks(_FOR_EVER_S, _FOR_EVER_S, _FOR_EVER_S),
            retry=RetryPolicy(base_s=0.5 / speed if speed else 0.0, longest_wish_s=_FOR_EVER_S),
            tools=self._tools.names,
        )

    def session(self, recorder: Recorder, conversation: Conversation | None = None) -> Session:
        """A session in which the recording happens; of a new conversation, unless one is given."""
        ports = Ports(
            self.client,
            recorder,
            LoopClock(),
            jitter=random.random,
            new_id=new_id,
            toolbox=self._tools,
            gate=self._tools,
        )
        conversation = conversation or Conversation(new_id(), created_at=time.time())
        return Session(conversation, ports=ports, options=self._options)


def start_replay(path: Path, speed: float, *, plain: bool, json_lines: bool) -> int:
    """Plays a recording; answers with the exit status.

    Raises:
        StorageError: if it cannot be read.
        ChatError: of the kind `SETUP`, if no reply was recorded.
    """
    open_log(os.environ, "warning")
    replay = Replay(path, speed)
    if plain or json_lines or terminal_problem(os.environ):
        return asyncio.run(_to_standard_output(replay, json_lines=json_lines))
    return _in_the_chat(replay, path)


async def _to_standard_output(replay: Replay, *, json_lines: bool) -> int:
    status = ExitCode.FAILED
    session = replay.session(NoRecorder())
    try:
        for make in replay.script:
            one_shot = OneShot(sys.stdout, Diagnostics(), json_lines=json_lines)
            status = await one_shot.play(await make(session))
            if status in (ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.BROKEN_PIPE):
                break
    finally:
        await replay.client.aclose()
    return status


def _in_the_chat(replay: Replay, path: Path) -> int:
    """Everything works as in the chat; what it saves goes to a folder that is gone at the end."""
    from llmhub_tui.export.files import FileExporter
    from llmhub_tui.store.library import Library
    from llmhub_tui.tui.app import ChatApp  # Textual: 250 ms
    from llmhub_tui.tui.opening import Opening
    from llmhub_tui.tui.workspace import Workspace

    banner = f"Replay of {plain_line(path.name, 80)}: nothing is sent or saved."
    opening = Opening(replay.model, "replay", banner)
    with tempfile.TemporaryDirectory(prefix="llmhub-replay-") as folder:
        libraries: list[Library] = []

        def opened() -> Workspace:
            library = Library(Path(folder))
            libraries.append(library)
            return Workspace(
                session=replay.session(library),
                new_session=lambda: replay.session(library),
                open_session=partial(replay.session, library),
                library=library,
                exporter=FileExporter(),
                warm=lambda: None,
                models=replay.client.models,
                wire=replay.log,
                opening=replace(opening, theme=""),
                script=replay.script,
            )

        app = ChatApp(opened, opening)
        try:
            return outcome(app, app.run(), os.environ)
        finally:
            for library in libraries:
                library.close()
