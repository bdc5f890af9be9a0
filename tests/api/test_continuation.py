"""A server is asked for the rest of a reply in the way that it takes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from support.wire import HI, JSON, Seen, ask, asking, problem, reply, serving, text_of

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.continuation import Continuer
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.api.request import CONTINUE, Continuation
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.requests import ChatRequest

TALK = (Message("p", None, Role.USER, "hi"), Message("r", "p", Role.ASSISTANT, "Once upon"))
PARTIAL = {"role": "assistant", "content": "Once upon"}
NO_LIST = reply("404 Not Found", b"")
REFUSED = reply("400 Bad", problem("the last message must be from the user"))


def listing(owner: str) -> Any:
    """A list of models that says whose they are."""
    return reply("200 OK", json.dumps({"data": [{"id": "m", "owned_by": owner}]}).encode(), JSON)


def bodies(seen: Seen) -> list[Any]:
    """The bodies of the requests for a reply."""
    return [body for line, _, body in seen.requests if line.startswith("POST")]


@pytest.mark.parametrize(
    ("setting", "last", "fields"),
    [
        ("last", PARTIAL, {}),
        ("prefix", {**PARTIAL, "prefix": True}, {}),
        ("flags", PARTIAL, {"continue_final_message": True, "add_generation_prompt": False}),
        ("message", {"role": "user", "content": CONTINUE}, {}),
    ],
)
async def test_the_profile_may_say_how(
    setting: Continuation, last: dict[str, Any], fields: dict[str, bool]
) -> None:
    async with serving(HI) as seen:
        await ask(Endpoint(seen.url, continuation=setting), asking(*TALK))
    [body] = bodies(seen)
    assert body["messages"][-1] == last
    assert {key: body[key] for key in fields} == fields
    assert len(seen.requests) == 1


@pytest.mark.parametrize(("owner", "flags"), [("vllm", True), ("llamacpp", True), ("system", False)])
async def test_a_server_that_names_itself_is_known(owner: str, flags: bool) -> None:
    async with serving(listing(owner), HI) as seen:
        client = ChatClient(Endpoint(seen.url))
        for _ in range(2):
            assert text_of([chunk async for chunk in client.stream(asking(*TALK))]) == "Hi"
        await client.aclose()
    assert [body.get("continue_final_message", False) for body in bodies(seen)] == [flags, flags]
    assert len(seen.requests) == 3  # it is asked who it is once


@pytest.mark.parametrize(
    ("host", "way"),
    [("api.deepseek.com", "prefix"), ("api.mistral.ai", "prefix"), ("llm.example.com", "last")],
)
def test_well_known_hosts_are_known(host: str, way: str) -> None:
    assert Continuer("auto", f"https://{host}/v1").way == way


async def test_a_server_that_refuses_a_partial_is_asked_in_words_from_then_on() -> None:
    async with serving(NO_LIST, REFUSED, HI) as seen:
        client = ChatClient(Endpoint(seen.url))
        for _ in range(2):
            assert text_of([chunk async for chunk in client.stream(asking(*TALK))]) == "Hi"
        await client.aclose()
    assert [body["messages"][-1]["role"] for body in bodies(seen)] == ["assistant", "user", "user"]


async def test_flags_that_are_refused_are_left_out_before_words_are_used() -> None:
    async with serving(listing("vllm"), REFUSED, REFUSED, HI) as seen:
        await ask(Endpoint(seen.url), asking(*TALK))
    asked = bodies(seen)
    assert [body.get("continue_final_message", False) for body in asked] == [True, False, False]
    assert [body["messages"][-1]["role"] for body in asked] == ["assistant", "assistant", "user"]


async def test_a_setting_of_the_users_is_not_worked_around() -> None:
    async with serving(REFUSED, HI) as seen:
        with pytest.raises(ChatError, match="must be from the user"):
            await ask(Endpoint(seen.url, continuation="last"), asking(*TALK))


async def test_a_list_of_models_that_never_comes_holds_nothing_up() -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await writer.drain()

    async with serving(silent, HI) as seen:
        assert text_of(await ask(Endpoint(seen.url), asking(*TALK))) == "Hi"
        assert bodies(seen)[0]["messages"][-1] == PARTIAL


async def test_the_rest_can_be_asked_for_in_words() -> None:
    async with serving(HI) as seen:
        await ask(Endpoint(seen.url), ChatRequest("m", TALK, in_words=True))
    assert bodies(seen)[0]["messages"][-1]["content"] == CONTINUE
