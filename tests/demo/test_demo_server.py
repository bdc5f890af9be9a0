"""The embedded demo speaks the protocol exactly, on loopback only, and ends with its parent."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from support.demo import DemoServer

from llmhub_tui.demo import showpieces
from llmhub_tui.demo.answers import script_for, sections
from llmhub_tui.demo.script import Script, tokens_of
from llmhub_tui.tui.commands import COMMANDS


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A demo without a pace."""
    with DemoServer() as server:
        yield server


def body(*contents: str, **more: Any) -> dict[str, Any]:
    """A request in which user and assistant take turns."""
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": content} for at, content in enumerate(contents)]
    return {"model": "llmhub-demo", "messages": messages, **more}


def whole(server: DemoServer, *contents: str, **more: Any) -> dict[str, Any]:
    """A `chat.completion`."""
    status, data = server.request("POST", "/v1/chat/completions", body(*contents, **more))
    assert status == 200
    found: dict[str, Any] = json.loads(data)
    return found


def streamed(server: DemoServer, *contents: str, **more: Any) -> list[dict[str, Any]]:
    """The chunks of a stream that ends properly."""
    status, data = server.request("POST", "/v1/chat/completions", body(*contents, stream=True, **more))
    assert status == 200
    lines = data.decode().split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]


def said(chunks: list[dict[str, Any]], field: str = "content") -> str:
    """The joined text of a field."""
    return "".join(choice["delta"].get(field) or "" for chunk in chunks for choice in chunk["choices"])


def test_models_are_listed(server: DemoServer) -> None:
    status, data = server.request("GET", "/v1/models")
    assert (status, [model["id"] for model in json.loads(data)["data"]]) == (
        200,
        ["llmhub-demo", "llmhub-demo-fast"],
    )
    assert server.request("GET", "/v1/models/llmhub-demo")[0] == 200
    assert server.request("GET", "/v1/models/none")[0] == 404


@pytest.mark.parametrize("word", ["hello", "long", "code", "table", "think"])
def test_a_stream_says_what_a_whole_answer_says(server: DemoServer, word: str) -> None:
    answer, chunks = whole(server, word), streamed(server, word)
    assert said(chunks) == answer["choices"][0]["message"]["content"]
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    reasons = [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"]]
    assert reasons == [None] * (len(reasons) - 1) + ["stop"]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert all(chunk["object"] == "chat.completion.chunk" for chunk in chunks)


def test_usage_comes_only_when_it_is_asked_for(server: DemoServer) -> None:
    assert not any(chunk.get("usage") for chunk in streamed(server, "hello"))
    last = streamed(server, "hello", stream_options={"include_usage": True})[-1]
    assert last["choices"] == []
    assert last["usage"] == whole(server, "hello")["usage"]
    assert (
        last["usage"]["total_tokens"] == last["usage"]["prompt_tokens"] + last["usage"]["completion_tokens"]
    )


def test_reasoning_comes_in_its_own_field(server: DemoServer) -> None:
    assert said(streamed(server, "think"), "reasoning_content") == showpieces.THINK_REASONING


def test_tool_calls_come_in_fragments_that_join_to_json(server: DemoServer) -> None:
    chunks = streamed(server, "tool")
    arguments: dict[int, str] = {}
    names: dict[int, str] = {}
    for chunk in chunks:
        for call in chunk["choices"][0]["delta"].get("tool_calls", []):
            arguments[call["index"]] = arguments.get(call["index"], "") + call["function"]["arguments"]
            names.setdefault(call["index"], call["function"].get("name", ""))
    assert names == {0: "current_time", 1: "calculator"}
    assert [json.loads(text) for text in arguments.values()] == [
        {"zone": "Europe/Paris"},
        {"expression": "6 * 7"},
    ]
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_a_limit_cuts_and_a_partial_is_continued_exactly(server: DemoServer) -> None:
    full = whole(server, "table")["choices"][0]["message"]["content"]
    cut = whole(server, "table", max_tokens=7)["choices"][0]
    assert cut["finish_reason"] == "length"
    partial = cut["message"]["content"]
    assert partial == "".join(tokens_of(full)[:7])
    rest = whole(server, "table", partial)["choices"][0]
    assert (partial + rest["message"]["content"], rest["finish_reason"]) == (full, "stop")


def test_cut_is_cut_once(server: DemoServer) -> None:
    first = whole(server, "cut")["choices"][0]
    rest = whole(server, "cut", first["message"]["content"])["choices"][0]
    assert first["finish_reason"] == "length"
    assert first["message"]["content"] + rest["message"]["content"] == showpieces.CUT
    assert rest["finish_reason"] == "stop"


def test_drop_cuts_the_connection_in_mid_body(server: DemoServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        data = json.dumps(body("drop", stream=True)).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(data)}\r\n\r\n"
        raw.sendall(head.encode() + data)
        received = b""
        while part := raw.recv(65536):
            received += part
    assert b"Transfer-Encoding: chunked" in received or b"transfer-encoding: chunked" in received
    assert not received.endswith(b"0\r\n\r\n")
    assert b"[DONE]" not in received
    assert b'"finish_reason":"stop"' not in received


@pytest.mark.parametrize(
    ("prompt", "status", "code"),
    [
        ("error", 500, "server_error"),
        ("error 401", 401, "invalid_api_key"),
        ("error 404", 404, "model_not_found"),
    ],
)
def test_errors_come_as_openai_states_them(server: DemoServer, prompt: str, status: int, code: str) -> None:
    found, data = server.request("POST", "/v1/chat/completions", body(prompt))
    assert found == status
    assert json.loads(data)["error"]["code"] == code


def test_what_may_pass_passes_at_the_third_attempt(server: DemoServer) -> None:
    statuses = [server.request("POST", "/v1/chat/completions", body("error 429"))[0] for _ in range(3)]
    assert statuses == [429, 429, 200]


def test_an_error_in_mid_stream_is_an_event(server: DemoServer) -> None:
    _, data = server.request("POST", "/v1/chat/completions", body("error mid", stream=True))
    assert json.loads(data.decode().strip().split("\n\n")[-1].removeprefix("data: "))["error"]["message"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"no json", 400),
        (b"[]", 400),
        ({"model": "llmhub-demo"}, 400),
        ({"model": "llmhub-demo", "messages": []}, 400),
        ({"model": "none", "messages": [{"role": "user", "content": "x"}]}, 404),
        ({"messages": [{"role": "user", "content": "x"}]}, 400),
        (b"[" * 100_000, 400),
        (b" " * (9 << 20), 413),
    ],
    ids=["text", "list", "bare", "empty", "model", "nameless", "deep", "large"],
)
def test_wrong_requests_are_refused_in_openais_words(server: DemoServer, sent: object, status: int) -> None:
    found, data = server.request("POST", "/v1/chat/completions", sent)
    assert found == status
    assert set(json.loads(data)["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_another_host_is_refused(server: DemoServer, host: str) -> None:
    assert server.request("GET", "/v1/models", headers={"Host": host})[0] == 403


def test_it_gives_no_leave_to_web_pages(server: DemoServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(
            f"GET /v1/models HTTP/1.0\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: http://e\r\n\r\n".encode()
        )
        assert b"access-control" not in raw.recv(65536).lower()


def test_a_client_that_goes_away_is_noticed() -> None:
    with DemoServer(pace=20) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            path = "/v1/chat/completions"
            data = json.dumps(body("long", stream=True)).encode()
            head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(data)}\r\n\r\n"
            raw.sendall(head.encode() + data)
            assert raw.recv(1000)
            server.wait_for("active", 1)
        server.wait_for("disconnects", 1)
        server.wait_for("active", 0)


PARENT = """
import subprocess, sys
command = [sys.executable, "-m", "llmhub_tui.demo", "--child"]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(child.pid, child.stdout.readline().decode(), flush=True)
sys.stdin.read()
"""


def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    _, _, announced = parent.stdout.readline().decode().partition(" ")
    port = int(json.loads(announced)["port"])
    socket.create_connection(("127.0.0.1", port)).close()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            break
        except ConnectionResetError:
            pass  # it is ending just now
        assert time.monotonic() < deadline, "the demo outlived its parent"


def test_a_port_that_is_taken_is_said(server: DemoServer) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "llmhub_tui", "demo-server", "--port", str(server.port)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert f"port {server.port} cannot be used" in done.stderr


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How do I connect to Ollama?", "Ollama, llama.cpp, vLLM, LiteLLM and other servers"),
        ("where is the API key stored?", "Where the key comes from"),
        ("What does incomplete mean?", "How a reply ended, and what to do"),
        ("how can I save the transcript as a file?", "A transcript as a file"),
        ("which exit status does ask have?", "One question, no screen"),
    ],
)
def test_questions_are_answered_from_the_help(question: str, title: str) -> None:
    script = script_for(question)
    assert isinstance(script, Script)
    assert script.text.startswith(f"**{title}**")
    assert "not a language model" in script.text


def test_what_it_does_not_know_it_says() -> None:
    script = script_for("Who won the world cup in 1998?")
    assert isinstance(script, Script)
    assert "offline demo" in script.text


def test_every_section_of_the_help_can_be_found() -> None:
    assert len(sections()) > 12
    assert all(section.title and section.body for section in sections())


def test_the_help_names_every_command_of_the_app() -> None:
    pages = " ".join(section.body for section in sections()).lower()
    for command in COMMANDS:
        assert command.keys in pages


@pytest.mark.parametrize(
    "wish", ["code", "show me some code", "Show me code!", "can you write code, please?", "a code example"]
)
def test_a_showpiece_is_asked_for_in_plain_words(wish: str) -> None:
    assert script_for(wish) == Script(showpieces.CODE)


@pytest.mark.parametrize("question", ["How do tools work?", "what is an error?", "Where is the code?"])
def test_a_question_gets_an_answer_and_no_show(question: str) -> None:
    script = script_for(question)
    assert isinstance(script, Script)
    assert (script.calls, script.text == showpieces.CODE) == ((), False)
