"""What the settings file may say."""

from __future__ import annotations

from typing import Literal

import msgspec

from llmhub_tui.settings.tools import Tools


class Clocks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long to wait, in seconds; `None` leaves it to the level above."""

    connect_s: float | None = None
    first_token_s: float | None = None
    silence_s: float | None = None

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name} must be more than 0, not {value:g}")


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server, and how to talk to it."""

    base_url: str
    model: str = ""
    system: str = ""
    key_env: str = ""
    key_command: tuple[str, ...] = ()
    key_file: str = ""
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning_effort: str | None = None
    clocks: Clocks = Clocks()
    headers: dict[str, str] = {}
    proxy: str | None = None
    ca_file: str | None = None
    continuation: Literal["auto", "last", "prefix", "flags", "message"] = "auto"
    stream: bool = True
    tool_choice: str | None = None
    """`auto`, `none`, `required`, or the name of a tool."""
    parallel_tool_calls: bool | None = None
    title_by_model: bool = False
    """Whether the model is asked for a title after the first reply, which costs a small request."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    profile: str = "llmhub"
    theme: str = "textual-dark"
    clocks: Clocks = Clocks()
    profiles: dict[str, Profile] = {}
    tools: Tools = Tools()


BUILT_IN = {
    "llmhub": Profile("https://api.llmhub.one/v1", key_env="LLMHUB_API_KEY"),
    "openai": Profile("https://api.openai.com/v1", key_env="OPENAI_API_KEY"),
    "ollama": Profile("http://127.0.0.1:11434/v1"),
}
"""Profiles that are there without a file; a file may redefine them."""
