"""Runs a program without a shell: its output is bounded, and canceling ends all its children."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from llmhub_tui.tools.tool import ToolError

_KEPT: Final = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TERM"),
    *("TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SSL_CERT_FILE"),
)
_MOST: Final = 200_000
"""Bytes that are kept of each output; what follows is read and dropped."""


def plain_environment(environ: Mapping[str, str], more: Sequence[str] = ()) -> dict[str, str]:
    """An environment without anybody's keys: a few names that programs need, and those that are asked for."""
    return {name: environ[name] for name in (*_KEPT, *more) if name in environ}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program has said and how it ended."""

    code: int
    """The exit status; negative for a signal's number."""
    out: str
    err: str


async def run_process(
    argv: Sequence[str],
    *,
    environ: Mapping[str, str],
    stdin: bytes = b"",
    cwd: Path | None = None,
) -> Outcome:
    """Runs a program to its end.

    Raises:
        ToolError: if it cannot be started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(environ),
            cwd=cwd,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ToolError(f"{argv[0]} cannot be started: {reason}") from error
    try:
        _, out, err = await asyncio.gather(
            _feed(process.stdin, stdin), _drain(process.stdout), _drain(process.stderr)
        )
        code = await process.wait()
    finally:
        _kill_group(process.pid)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await asyncio.shield(process.wait())
    return Outcome(code, out, err)


def _kill_group(pid: int) -> None:
    """Ends what the program has left running."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


async def _feed(stream: asyncio.StreamWriter | None, data: bytes) -> None:
    if stream is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):
        stream.write(data)
        await stream.drain()
    stream.close()


async def _drain(stream: asyncio.StreamReader | None) -> str:
    kept = bytearray()
    left_out = 0
    while stream is not None and (data := await stream.read(65536)):
        room = max(0, _MOST - len(kept))
        kept += data[:room]
        left_out += len(data) - min(room, len(data))
    text = kept.decode("utf-8", "replace")
    return f"{text}\n… ({left_out:,} more bytes were left out)" if left_out else text
