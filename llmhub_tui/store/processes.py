"""Tells whether the process that was writing a reply still lives."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def own_token() -> str:
    """Names this process so that another one with the same number later is not taken for it."""
    return f"{os.getpid()}:{_started(os.getpid())}"


def is_alive(token: str) -> bool:
    """Whether the process that made the token still runs."""
    number, _, started = token.partition(":")
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except PermissionError:
        pass
    except OSError:
        return False
    return _started(int(number)) == started


def _started(number: int) -> str:
    """When a process started, in the kernel's ticks; empty where the platform does not say."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{number}/stat").read_bytes().rsplit(b")", 1)[1].split()[19].decode()
    return ""
