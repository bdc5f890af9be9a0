"""Builds the objects and plugs them together."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from llmhub_tui.cli.demo_process import MODEL, DemoProcess
from llmhub_tui.cli.environment import hide
from llmhub_tui.cli.flags import Flags
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.secret import Secret
from llmhub_tui.domain.wire import WireTap
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import Clocks, TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.ports import Client, ConsentGate, Recorder, Toolbox
from llmhub_tui.session.session import Session
from llmhub_tui.settings.reading import read_settings, settings_path
from llmhub_tui.settings.resolve import Connection, Wishes, as_demo, needs_demo, resolve
from llmhub_tui.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests will go."""

    settings: Settings
    connection: Connection
    demo: DemoProcess | None = None
    """The embedded demo, which may still be starting."""
    key: Secret | None = None
    """One that the user has just given; without it, the profile's own is looked for."""

    def options(self, tools: Sequence[str] = ()) -> TurnOptions:
        """What every turn has in common; `tools` are those that are on."""
        connection = self.connection
        return TurnOptions(
            model=connection.model,
            system=connection.system,
            parameters=connection.parameters,
            stream=connection.stream,
            clocks=Clocks(connection.connect_s, connection.first_token_s, connection.silence_s),
            tools=tuple(tools),
            rounds=self.settings.tools.rounds,
        )

    def client_maker(self, environ: Mapping[str, str], taps: Sequence[WireTap] = ()) -> Callable[[], Client]:
        """What makes the client; it takes most of a second and may ask a password manager for the key."""

        def make() -> Client:
            from llmhub_tui.api.client import ChatClient  # openai: 800 ms
            from llmhub_tui.api.endpoint import Endpoint

            connection = self.connection
            if self.demo is not None:
                return ChatClient(Endpoint(self.demo.base_url()), taps)
            profile = connection.settings
            return ChatClient(
                Endpoint(
                    connection.base_url,
                    self.key or connection.key(environ),
                    headers=profile.headers if connection.own_host else {},
                    proxy=profile.proxy,
                    ca_file=profile.ca_file,
                    continuation=profile.continuation,
                ),
                taps,
            )

        return make

    def close(self) -> None:
        """Ends the demo, if there is one."""
        if self.demo is not None:
            self.demo.stop()


def find_target(flags: Flags, environ: Mapping[str, str]) -> Target:
    """Where the options, the environment and the settings file say that requests go.

    Raises:
        ChatError: of the kind `SETUP`, for any mistake in them.
    """
    settings = read_settings(settings_path(environ), required=bool(environ.get("LLMHUB_CONFIG")))
    hide(profile.key_env for profile in settings.profiles.values())
    wishes = Wishes(
        profile=flags.profile,
        base_url=flags.base_url,
        model=flags.model,
        system=flags.system,
        temperature=flags.temperature,
        max_tokens=flags.max_tokens,
        connect_s=flags.connect_timeout,
        first_token_s=flags.first_token_timeout,
        silence_s=flags.silence_timeout,
        stream=flags.stream,
    )
    connection = resolve(settings, wishes, environ)
    if flags.demo or needs_demo(settings, wishes, environ):
        return Target(settings, as_demo(connection, "http://127.0.0.1", MODEL), DemoProcess())
    return Target(settings, connection)


def new_id() -> str:
    """An id that no other message or conversation anywhere has."""
    return uuid4().hex


def open_session(
    conversation: Conversation,
    client: Client,
    recorder: Recorder,
    options: TurnOptions,
    *,
    tools: tuple[Toolbox, ConsentGate],
) -> Session:
    """A session with its ports plugged in."""
    toolbox, gate = tools
    ports = Ports(client, recorder, LoopClock(), random.random, new_id, toolbox, gate)
    return Session(conversation, ports=ports, options=options)
