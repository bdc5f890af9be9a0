"""Lists the models of a server."""

from __future__ import annotations

import asyncio
import json

from llmhub_tui.ask.diagnostics import ExitCode
from llmhub_tui.cli.crash import open_log
from llmhub_tui.cli.environment import take_environment
from llmhub_tui.cli.flags import Flags
from llmhub_tui.cli.taps import Recording
from llmhub_tui.cli.wiring import find_target
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.session.ports import Client


def list_models(flags: Flags, *, as_json: bool) -> int:
    """Writes the names to standard output; answers with the exit status.

    Raises:
        ChatError: for every failure.
        StorageError: if a recording was asked for and cannot be written.
    """
    environ = take_environment()
    open_log(environ, flags.log_level or "warning")
    target = find_target(flags, environ)
    recording = Recording(flags.record)
    try:
        names = asyncio.run(_names(target.client_maker(environ, recording.taps)()))
    finally:
        recording.close()
        target.close()
    if as_json:
        print(json.dumps(names))
    else:
        print("".join(f"{plain_line(name, 500)}\n" for name in names), end="")
    return ExitCode.FINISHED if names else ExitCode.FAILED


async def _names(client: Client) -> list[str]:
    try:
        return await client.models()
    finally:
        await client.aclose()
