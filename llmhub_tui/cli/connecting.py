"""Tells the running chat another server, and remembers it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

import msgspec

from llmhub_tui.cli.sessions import Sessions
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.wire import WireTap
from llmhub_tui.session.late import LateClient
from llmhub_tui.settings.keys import keep_key
from llmhub_tui.settings.reading import settings_path
from llmhub_tui.settings.resolve import Wishes, checked_url, resolve
from llmhub_tui.settings.schema import BUILT_IN, Profile
from llmhub_tui.tui.connecting import Connected, Server
from llmhub_tui.tui.opening import Opening


class Reconnector:
    """See `tui.connecting.Connector`."""

    def __init__(
        self, sessions: Sessions, client: LateClient, environ: Mapping[str, str], taps: Sequence[WireTap]
    ) -> None:
        """Takes what all sessions have in common."""
        self._taps = taps
        self._sessions = sessions
        self._client = client
        self._environ = environ

    @property
    def base_url(self) -> str:
        """See the protocol."""
        target = self._sessions.target
        return BUILT_IN["llmhub"].base_url if target.demo is not None else target.connection.base_url

    def try_out(self, server: Server) -> None:
        """See the protocol."""
        from llmhub_tui.api.client import ChatClient  # openai: 800 ms
        from llmhub_tui.api.endpoint import Endpoint

        async def ask() -> None:
            client = ChatClient(Endpoint(checked_url(server.base_url), server.key, headers, proxy, ca_file))
            try:
                await client.models()
            finally:
                await client.aclose()

        profile = self._settings(server)[1]
        headers, proxy, ca_file = profile.headers, profile.proxy, profile.ca_file
        try:
            asyncio.run(ask())
        except ChatError as error:
            if error.kind is not ErrorKind.PROTOCOL:  # some servers list no models
                raise

    def keep(self, server: Server) -> str:
        """See the protocol."""
        from llmhub_tui.settings.writing import keep_server  # tomlkit: 70 ms, with the first change

        name, profile = self._settings(server)
        path = settings_path(self._environ)
        keep_server(path, name, profile.base_url if name not in BUILT_IN else "")
        if server.key is None:
            return f"Connected to {profile.base_url}"
        where = keep_key(name, server.key, path)
        before = profile.key_env if self._environ.get(profile.key_env) else ""
        before = before or ("the profile's key_command" if profile.key_command else "")
        notice = f"Connected. The key is kept in {where}"
        return f"{notice}, but at the next start {before} goes before it." if before else f"{notice}."

    def switch(self, server: Server, notice: str) -> Connected:
        """See the protocol."""
        name, profile = self._settings(server)
        old = self._sessions.target
        profiles = {**old.settings.profiles, name: profile}
        settings = msgspec.structs.replace(old.settings, profile=name, profiles=profiles)
        connection = resolve(settings, Wishes(profile=name), self._environ)
        target = self._sessions.target = replace(
            old, settings=settings, connection=connection, demo=None, key=server.key
        )
        self._client.rebuild(target.client_maker(self._environ, self._taps))
        old.close()
        opening = Opening(connection.model, connection.profile)
        return Connected(opening, target.options(), notice)

    def _settings(self, server: Server) -> tuple[str, Profile]:
        """The profile that a server has already, or a new one that is named after its host."""
        url = checked_url(server.base_url)
        profiles = {**BUILT_IN, **self._sessions.target.settings.profiles}
        for name, profile in profiles.items():
            if profile.base_url.rstrip("/") == url:
                return name, profile
        host = urlsplit(url).netloc.replace(":", "-").replace("[", "").replace("]", "")
        return host, Profile(url)
