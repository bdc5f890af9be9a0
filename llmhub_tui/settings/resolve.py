"""Which server to talk to, and how: options before the environment, before the profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from urllib.parse import urlsplit

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.requests import Parameters
from llmhub_tui.domain.secret import Secret
from llmhub_tui.settings.keys import find_key
from llmhub_tui.settings.schema import BUILT_IN, Profile, Settings

T = TypeVar("T")
_CLOCKS: Final = {"connect_s": 10.0, "first_token_s": 120.0, "silence_s": 60.0}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says; `None` where it says nothing."""

    profile: str | None = None
    base_url: str | None = None
    model: str | None = None
    system: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    connect_s: float | None = None
    first_token_s: float | None = None
    silence_s: float | None = None
    stream: bool | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """Everything that is needed to talk to a server, but the key."""

    profile: str
    base_url: str
    settings: Profile
    own_host: bool
    """Whether the base URL is the profile's own, so that its key may go there."""
    model: str
    system: str
    parameters: Parameters
    connect_s: float
    first_token_s: float
    silence_s: float
    stream: bool

    def key(self, environ: Mapping[str, str]) -> Secret | None:
        """The key for this server. May run a command, so it is asked for late, and in a thread.

        A profile's own key goes to the profile's own host only. For another host, named by option or
        environment, the key is what `LLMHUB_API_KEY` holds.

        Raises:
            ChatError: if a source that the profile names fails.
        """
        profile = self.settings if self.own_host else Profile(self.base_url, key_env="LLMHUB_API_KEY")
        name = self.profile if self.own_host else urlsplit(self.base_url).netloc
        return find_key(name, profile, environ)


def resolve(settings: Settings, wishes: Wishes, environ: Mapping[str, str]) -> Connection:
    """Puts options, environment and settings together.

    Raises:
        ChatError: of the kind `SETUP`, for a profile that is not there or a base URL that is none.
    """
    name = wishes.profile or settings.profile
    profiles = {**BUILT_IN, **settings.profiles}
    if name not in profiles:
        known = ", ".join(sorted(profiles))
        message = f"there is no profile {name!r}"
        raise ChatError(ErrorKind.SETUP, message, advice=f"There are: {known}.")
    profile = profiles[name]
    asked = wishes.base_url or ("" if wishes.profile else environ.get("LLMHUB_BASE_URL", ""))
    base_url = checked_url((asked or profile.base_url).strip())
    own_host = not asked or _origin(base_url) == _origin(profile.base_url)
    parameters = Parameters(
        temperature=_first(wishes.temperature, profile.temperature),
        top_p=profile.top_p,
        max_tokens=_first(wishes.max_tokens, profile.max_tokens),
        seed=profile.seed,
        stop=profile.stop,
        reasoning_effort=profile.reasoning_effort,
        tool_choice=profile.tool_choice,
        parallel_tool_calls=profile.parallel_tool_calls,
    )
    model = wishes.model or ("" if wishes.profile else environ.get("LLMHUB_MODEL", ""))
    clocks = {
        clock: _first(getattr(wishes, clock), getattr(profile.clocks, clock), getattr(settings.clocks, clock))
        or default
        for clock, default in _CLOCKS.items()
    }
    return Connection(
        profile=name if own_host else urlsplit(base_url).netloc,
        base_url=base_url,
        settings=profile,
        own_host=own_host,
        model=model or (profile.model if own_host else ""),
        system=_first(wishes.system, profile.system) or "",
        parameters=parameters,
        stream=profile.stream if wishes.stream is None else wishes.stream,
        **clocks,
    )


def needs_demo(settings: Settings, wishes: Wishes, environ: Mapping[str, str]) -> bool:
    """Whether nobody has said where to go: no server, no profile, no key, no settings of the user's own."""
    if wishes.base_url or wishes.profile or environ.get("LLMHUB_BASE_URL"):
        return False
    if settings.profiles or settings.profile != Settings().profile:
        return False
    connection = resolve(settings, wishes, environ)
    return connection.key(environ) is None


def as_demo(connection: Connection, base_url: str, model: str) -> Connection:
    """The same wishes, for the embedded demo."""
    return replace(
        connection,
        profile="demo",
        base_url=base_url,
        settings=Profile(base_url),
        own_host=True,
        model=connection.model or model,
    )


def _first(*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def checked_url(url: str) -> str:
    """A base URL without the slashes at its end.

    Raises:
        ChatError: of the kind `SETUP`, if it is none.
    """
    problem = ""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            problem = "it must begin with http:// or https:// and name a host"
        elif parts.username or parts.password:
            problem = "a name and password in it would be shown and logged"
        elif parts.port == 0:
            problem = "port 0 is no port"
    except ValueError as error:
        problem = str(error)
    if problem:
        shown = url if "@" not in url else "…" + url.rsplit("@", 1)[1]
        advice = "For instance: https://api.llmhub.one/v1 or http://127.0.0.1:11434/v1."
        raise ChatError(ErrorKind.SETUP, f"the base URL {shown!r} cannot be used: {problem}", advice=advice)
    return url.rstrip("/")
