"""Every dialect, ending and failure comes to the same outcome in the chat and in one-shot mode."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from itertools import count

from support.app import Stage, shown, until_open
from support.scripted import MemoryRecorder
from wire import calls, endings, framing, payload
from wire.case import Case, Expected
from wire.server import playing

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.ask.diagnostics import Diagnostics
from llmhub_tui.ask.oneshot import OneShot
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Role
from llmhub_tui.domain.retry import RetryPolicy
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import Clocks, TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session
from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.widgets.pane.look import BADGES

CASES: Mapping[str, Case] = {**framing.CASES, **payload.CASES, **calls.CASES, **endings.CASES}
PATIENT = Clocks(connect_s=20, first_token_s=20, silence_s=20, grace_s=20)
HASTY = Clocks(connect_s=20, first_token_s=0.5, silence_s=0.3, grace_s=0.1)
"""Where the server says nothing more for ever."""


def session_with(client: ChatClient, case: Case) -> Session:
    """A session that loses no time."""
    ids = map(str, count(1))
    return Session(
        Conversation("c"),
        ports=Ports(client, MemoryRecorder(), LoopClock(), jitter=lambda: 0.5, new_id=lambda: next(ids)),
        options=TurnOptions(
            model="m",
            clocks=HASTY if case.end == "hang" else PATIENT,
            retry=RetryPolicy(base_s=0.001),
            resumes=1,
        ),
    )


def wrong(fields: Mapping[str, object], expected: Expected) -> list[str]:
    """In what the end of a turn, as one-shot mode writes it, is not as expected."""
    asked = fields["tool_calls"]
    assert isinstance(asked, list)
    found: dict[str, object] = {
        "ending": fields["ending"],
        "text": fields["text"],
        "reasoning": fields["reasoning"],
        "calls": tuple((call["id"], call["name"], _same(call["arguments"])) for call in asked),
        "refusal": fields["refusal"] or "",
    }
    wanted: dict[str, object] = {
        "ending": expected.ending.value,
        "text": expected.text,
        "reasoning": expected.reasoning,
        "calls": tuple((id, name, _same(arguments)) for id, name, arguments in expected.calls),
        "refusal": expected.refusal,
    }
    if expected.finish_reason is not None:
        found["finish_reason"], wanted["finish_reason"] = fields["finish_reason"], expected.finish_reason
    if expected.requests:
        found["attempts"], wanted["attempts"] = fields["attempts"], expected.requests
    if expected.total_tokens is not None:
        usage = fields["usage"]
        found["tokens"] = usage["total_tokens"] if isinstance(usage, dict) else None
        wanted["tokens"] = expected.total_tokens
    problems = [f"{key}: {found[key]!r}, not {wanted[key]!r}" for key in wanted if found[key] != wanted[key]]
    if expected.error not in str(fields["error"]):
        problems.append(f"error: {fields['error']}, without {expected.error!r}")
    return problems


def _same(arguments: str) -> str:
    """Arguments without regard to white space, where they are JSON."""
    try:
        return json.dumps(json.loads(arguments))
    except ValueError:
        return arguments


async def in_one_shot_mode(client: ChatClient, name: str) -> list[str]:
    """What is wrong with one case, in one-shot mode."""
    out = io.StringIO()
    turn = await session_with(client, CASES[name]).send(name)
    await OneShot(out, Diagnostics(io.StringIO()), json_lines=True).play(turn)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    recast = next((at for at, line in enumerate(lines) if line["event"] == "recast"), -1)
    streamed = "".join(line["text"] for line in lines[recast + 1 :] if line["event"] == "text")
    problems = wrong(lines[-1], CASES[name].expected)
    return problems + ([f"streamed {streamed!r}"] if streamed != lines[-1]["text"] else [])


async def test_every_case_in_one_shot_mode() -> None:
    async with playing(CASES) as server:
        client = ChatClient(Endpoint(server.url))
        problems = {name: await in_one_shot_mode(client, name) for name in CASES}
        await client.aclose()
    assert {name: found for name, found in problems.items() if found} == {}


async def ended(app: ChatApp, session: Session) -> None:
    """Waits until there is a reply, and it was shown to its end."""
    async with asyncio.timeout(30):
        while app.chat.running or session.conversation.last(Role.ASSISTANT) is None:
            await asyncio.sleep(0.002)


def missing(screen: str, expected: Expected) -> list[str]:
    """What is not on the screen: the text, how it ended and what helps, the words of an error, the calls."""
    words = [expected.text, BADGES.get(expected.ending, ""), expected.error, expected.refusal]
    words += [called for _, called, _ in expected.calls]
    screen = " ".join(screen.split())
    return [f"{part!r} is not shown" for part in words if " ".join(part.split()) not in screen]


async def test_every_case_in_the_chat() -> None:
    problems: dict[str, list[str]] = {}
    stage = Stage()
    async with playing(CASES) as server, stage.app.run_test(size=(100, 40)) as pilot:
        await until_open(pilot)
        client = ChatClient(Endpoint(server.url))
        for name, case in CASES.items():
            session = session_with(client, case)
            stage.app.chat.open(session)
            stage.app.chat.composer.text = name
            stage.app.chat.composer.action_submit()
            await ended(stage.app, session)
            for _ in range(1000):  # what is shown is laid out when there is time for it
                found = missing(shown(stage.app), case.expected)
                if not found:
                    break
                await asyncio.sleep(0.005)
            reply = session.conversation.last(Role.ASSISTANT)
            assert reply is not None
            if (reply.ending, reply.text) != (case.expected.ending, case.expected.text):
                found.append(f"{reply.ending}, {reply.text!r}")
            if found:
                problems[name] = [*found, shown(stage.app)]
        await client.aclose()
    assert problems == {}
