"""One prompt, one reply: words on standard output, everything else on standard error."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass

import pytest
from support.scripted import Step, cut, saying
from support.sessions import Rig
from support.toolbox import FakeGate, FakeToolbox
from support.virtual_time import run

from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode
from llmhub_tui.ask.oneshot import OneShot
from llmhub_tui.domain.chunks import (
    FinishChunk,
    OpenedChunk,
    RefusalChunk,
    TextChunk,
    ToolCallChunk,
    UsageChunk,
)
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Usage
from llmhub_tui.session.options import TurnOptions


@dataclass
class Shown:
    """What a run left behind."""

    code: ExitCode
    out: str
    err: str


def test_an_interrupt_while_a_tool_runs_says_that_it_stopped() -> None:
    out, err = io.StringIO(), io.StringIO()
    call: list[Step] = [OpenedChunk(), ToolCallChunk(0, "c", "hang", "{}"), FinishChunk("tool_calls")]

    async def main() -> ExitCode:
        options = TurnOptions(model="m", tools=("hang",))
        rig = Rig(call, options=options, toolbox=FakeToolbox(), gate=FakeGate())
        turn = await rig.session.send("hi")
        asyncio.get_running_loop().call_later(3, turn.cancel)
        return await OneShot(out, Diagnostics(err)).play(turn)

    assert run(main) is ExitCode.INTERRUPTED
    assert err.getvalue().splitlines()[0] == "llmhub-chat: running hang({})"
    assert err.getvalue().splitlines()[-1] == "llmhub-chat: stopped"
    assert "was not run" not in err.getvalue()


def ask(*scripts: list[Step], json_lines: bool = False, full: bool = False) -> Shown:
    """Plays one turn."""
    out, err = io.StringIO(), io.StringIO()

    async def main() -> ExitCode:
        rig = Rig(*scripts, full=full)
        turn = await rig.session.send("hi")
        return await OneShot(out, Diagnostics(err), json_lines=json_lines).play(turn)

    return Shown(run(main), out.getvalue(), err.getvalue())


@pytest.mark.parametrize(
    ("script", "code", "out", "err"),
    [
        (saying("Hello, ", "world!"), ExitCode.FINISHED, "Hello, world!\n", ""),
        (saying("ends with one\n"), ExitCode.FINISHED, "ends with one\n", ""),
        (saying("Hel", reason="length"), ExitCode.LENGTH, "Hel\n", "cut at the token limit"),
        (saying(), ExitCode.FAILED, "", "the reply is empty"),
        (cut("Hello, wor"), ExitCode.FAILED, "Hello, wor\n", "closed before the reply was finished"),
        ([ChatError(ErrorKind.AUTH, "bad key")], ExitCode.FAILED, "", "bad key. Check the API key"),
        ([OpenedChunk(), RefusalChunk("No."), FinishChunk("stop")], ExitCode.FAILED, "", "No."),
        (
            [OpenedChunk(), ToolCallChunk(0, "c", "now", '{"z":1}'), FinishChunk("tool_calls")],
            ExitCode.FINISHED,
            "",
            'which was not run: now({"z":1})',
        ),
    ],
)
def test_words_and_diagnostics_go_their_own_ways(
    script: list[Step], code: ExitCode, out: str, err: str
) -> None:
    shown = ask(script)
    assert (shown.code, shown.out) == (code, out)
    assert err in shown.err
    assert bool(shown.err) is bool(err)


def test_nothing_from_outside_drives_the_terminal() -> None:
    shown = ask([OpenedChunk(), TextChunk("a\x1b[2Jb\x9bc "), ChatError(ErrorKind.AUTH, "no\x1b]0;x\x07")])
    assert "\x1b" not in shown.out + shown.err
    assert "\x9b" not in shown.out + shown.err
    assert "a␛[2Jb" in shown.out


def test_json_lines_end_with_the_whole_reply() -> None:
    script: list[Step] = [
        OpenedChunk(),
        TextChunk("a\x1bé "),
        UsageChunk(Usage(1, 2, 3)),
        FinishChunk("stop"),
    ]
    shown = ask(script, json_lines=True)
    assert shown.out.isascii()
    lines = [json.loads(line) for line in shown.out.splitlines()]
    assert [line["event"] for line in lines][:2] == ["started", "connecting"]
    assert "".join(line["text"] for line in lines if line["event"] == "text") == "a\x1bé "
    last = lines[-1]
    assert last == {
        "event": "ended",
        "ending": "complete",
        "text": "a\x1bé ",
        "reasoning": "",
        "tool_calls": [],
        "finish_reason": "stop",
        "seams": [],
        "usage": {
            "prompt_tokens": 1,
            "completion_tokens": 2,
            "total_tokens": 3,
            "reasoning_tokens": 0,
            "cached_tokens": 0,
        },
        "model": "m",
        "attempts": 1,
        "refusal": None,
        "error": None,
    }


def test_json_says_what_failed() -> None:
    shown = ask([ChatError(ErrorKind.SERVER, "down")], json_lines=True)
    last = json.loads(shown.out.splitlines()[-1])
    assert (last["ending"], last["attempts"]) == ("error", 5)
    assert last["error"] == {"kind": "server", "message": "down"}
    assert shown.code is ExitCode.FAILED


def test_a_retry_is_said_on_standard_error() -> None:
    shown = ask([ChatError(ErrorKind.RATE_LIMIT, "slow down", retry_after_s=3)], saying("ok"))
    assert (shown.code, shown.out) == (ExitCode.FINISHED, "ok\n")
    assert shown.err == "llmhub-chat: slow down; attempt 2 in 3 s\n"


def test_what_could_not_be_saved_is_said() -> None:
    shown = ask(saying("ok"), full=True)
    assert shown.out == "ok\n"
    assert "not saved: the disk is full" in shown.err


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    err = io.StringIO()

    async def main() -> ExitCode:
        rig = Rig(saying("Hello ", "world "))
        return await OneShot(Gone(), Diagnostics(err)).play(await rig.session.send("hi"))

    assert run(main) is ExitCode.BROKEN_PIPE
    assert err.getvalue() == ""
