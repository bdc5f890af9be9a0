"""The environment, taken once: programs that are started later find no key in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from llmhub_tui.domain.secret import is_key_name

_TALKATIVE: Final = ("OPENAI_LOG",)
"""Makes the SDK log whole requests."""


def take_environment() -> dict[str, str]:
    """What the environment says; keys are taken out of it."""
    environ = dict(os.environ)
    hide([*(name for name in environ if is_key_name(name)), *_TALKATIVE])
    return environ


def hide(names: Iterable[str]) -> None:
    """Takes variables out of the environment that other programs inherit."""
    for name in names:
        if name:
            os.environ.pop(name, None)
