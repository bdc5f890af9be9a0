"""The key is planted, everything is done that the program can do, and then it is looked for everywhere."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from support.terminal import Terminal, isolated
from support.wire import SSE, events, problem, reply, serving

KEY = "planted-key-0123456789abcdef"


def children_of(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found + [grandchild for child in found for grandchild in children_of(child)]


def shown_by_the_system(pid: int) -> bytes:
    """What a process listing shows: the arguments of all, and the environment of children."""
    seen = Path(f"/proc/{pid}/cmdline").read_bytes()
    for child in children_of(pid):
        seen += Path(f"/proc/{child}/cmdline").read_bytes() + Path(f"/proc/{child}/environ").read_bytes()
    return seen


async def test_the_key_is_nowhere_but_where_it_is_sent(tmp_path: Path) -> None:
    said = problem(f"no key {KEY}, Bearer {KEY}")
    midstream = events("some words ", reason=None, done=False) + b"data: " + said + b"\n\n"
    elsewhere: list[bytes] = []
    async with serving(reply("200 OK", events("stolen"), SSE)) as thief:
        answers = (
            reply("401 Unauthorized", said, {"Content-Type": "application/json"}),
            reply("200 OK", midstream, SSE),
            reply("302 Found", b"", {"Location": f"{thief.url}/chat/completions?{KEY}"}),
            reply("500 Oops", f"<html><title>{KEY}</title>".encode(), {"X-Key": KEY}),
            reply("200 OK", events("fine"), SSE),
        )
        async with serving(*answers) as server:
            env = isolated(tmp_path, LLMHUB_API_KEY=KEY, LLMHUB_DATA_DIR=str(tmp_path / "chats"))
            for number in range(len(answers)):
                done = await run(
                    [
                        *command(server.url),
                        "--log-level",
                        "debug",
                        "--record",
                        str(tmp_path / f"wire{number}"),
                    ],
                    env,
                    tmp_path,
                )
                elsewhere += [done.stdout, done.stderr]
            assert {request[1].get("authorization") for request in server.requests} == {f"Bearer {KEY}"}
        assert thief.requests == []
    with Terminal(["--demo"], env=env, cwd=tmp_path) as chat:
        chat.wait_for("ready")
        chat.send("hello\r")
        chat.wait_for("done")
        elsewhere.append(shown_by_the_system(int(chat.child.pid or 0)))
        chat.send("\x13")
        chat.wait_for("Save the transcript")
        chat.send("\r")
        chat.wait_for("Saved to")
        chat.send("\x11")
        assert chat.exit_status() == 0
        elsewhere.append(bytes(chat.recorded))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"chats.db", "llmhub-chat.log", "wire0"} <= {path.name for path in files}
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
    assert not any(KEY.encode() in seen for seen in elsewhere), elsewhere
    assert len(elsewhere) == 2 * len(answers) + 2


def command(url: str) -> list[str]:
    """Asks a server."""
    return [sys.executable, "-m", "llmhub_tui", "ask", "hello", "--base-url", url, "-m", "m"]


async def run(arguments: list[str], env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """A command beside the servers that answer it."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode or 0, out, err)
