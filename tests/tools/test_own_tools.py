"""The user's own functions and commands."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from support.boxes import call_of, offered, request_of, run_tool

from llmhub_tui.domain.tools import Problem
from llmhub_tui.tools.commands import Commands, CommandSpec, fill
from llmhub_tui.tools.functions import UserFunctions
from llmhub_tui.tools.tool import ToolError
from llmhub_tui.tools.toolbox import Toolbox

DICE = '''
import asyncio
import json
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

@dataclass
class Die:
    sides: int

def roll(
    die: Die, count: Annotated[int, msgspec.Meta(ge=1)] = 2, how: Literal["each", "sum"] = "each"
) -> list:
    """Rolls dice.

    Not very random.

    Args:
        die: what to roll.
        how: each by itself, or their sum.
    """
    print("noise on standard output")
    found = [die.sides] * count
    return [sum(found)] if how == "sum" else found

async def later(text: str) -> str:
    """Answers a little later."""
    await asyncio.sleep(0)
    return text

def broken() -> str:
    """Always fails."""
    return 1 / 0

def _private(x: int) -> int:
    """Is not a tool."""
    return x
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of tools."""
    path = tmp_path / "tools"
    path.mkdir(mode=0o700)
    write(path / "dice.py", DICE)
    return path


def write(path: Path, text: str) -> None:
    """Writes a file for its owner alone."""
    path.write_text(text)
    path.chmod(0o600)


def functions(folder: Path, **environ: str) -> UserFunctions:
    """The functions in a folder."""
    return UserFunctions(folder, {"PATH": os.environ["PATH"], **environ})


async def test_a_typed_function_becomes_a_tool(folder: Path) -> None:
    box = await offered(functions(folder))
    [listing] = await box.listings()
    tools = {tool.name: tool for tool in listing.tools}
    assert list(tools) == ["roll", "later", "broken"]
    assert tools["roll"].description == "Rolls dice.\n\nNot very random."
    properties: Any = tools["roll"].schema["properties"]
    assert properties["how"] == {
        "enum": ["each", "sum"],
        "default": "each",
        "description": "each by itself, or their sum.",
    }
    assert properties["count"] == {"type": "integer", "minimum": 1, "default": 2}
    assert tools["roll"].schema["required"] == ["die"]
    assert (await run_tool(box, "roll", die={"sides": 6}, count=3)).text == "[6,6,6]"
    assert (await run_tool(box, "roll", die={"sides": 6}, how="sum")).text == "[12]"
    assert (await run_tool(box, "later", text="héllo")).text == "héllo"
    assert (await run_tool(box, "roll", die={"sides": "x"})).problem is Problem.INVALID


async def test_a_functions_error_names_its_line(folder: Path) -> None:
    failed = await run_tool(await offered(functions(folder)), "broken")
    assert failed.problem is Problem.FAILED
    line = DICE.splitlines().index("    return 1 / 0") + 1
    assert failed.text == f"dice.py, line {line}: ZeroDivisionError: division by zero"


async def test_files_are_read_again_when_they_change(folder: Path) -> None:
    source = functions(folder)
    box = await offered(source)
    write(folder / "dice.py", "def one() -> int:\n    '''One.'''\n    return 1\n")
    write(folder / "more.py", "def two() -> int:\n    '''Two.'''\n    return 2\n")
    names = [tool.name for listing in await box.listings() for tool in listing.tools]
    assert names == ["one", "two"]
    assert (await run_tool(box, "two")).text == "2"
    (folder / "more.py").unlink()
    assert [tool.name for listing in await box.listings() for tool in listing.tools] == ["one"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\ndef f(:\n", "bad.py, line 2: SyntaxError: "),
        ("\n\nimport no_such_module\n", "bad.py, line 3: ModuleNotFoundError: "),
        ("def f(x):\n    '''F.'''\n", "bad.py, line 1: f: its parameter x has no type"),
        ("def f(x: int):\n    pass\n", "bad.py, line 1: f: it has no docstring"),
        ("def f(*x: int):\n    '''F.'''\n", "bad.py, line 1: f: its parameter x cannot be given by name"),
        ("def f(x: 'Missing'):\n    '''F.'''\n", "bad.py, line 1: f: name 'Missing' is not defined"),
        ("raise SystemExit(3)\n", "bad.py, line 1: SystemExit: 3"),
        ("import os\nos._exit(3)\n", "bad.py: it ended with status 3"),
    ],
)
async def test_a_mistake_is_said_with_its_line_and_the_other_files_work(
    folder: Path, text: str, said: str
) -> None:
    write(folder / "bad.py", text)
    source = functions(folder)
    box = await offered(source)
    [trouble] = source.troubles()
    assert trouble.startswith(said)
    assert (await run_tool(box, "later", text="fine")).text == "fine"


async def test_a_file_that_others_may_write_is_not_run(folder: Path) -> None:
    (folder / "dice.py").chmod(0o666)
    source = functions(folder)
    assert await source.tools(()) == []
    assert "others may write" in source.troubles()[0]


async def test_a_function_that_hangs_is_ended_with_what_it_started(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    write(
        folder / "hang.py",
        "import subprocess, time\n"
        "def hang() -> str:\n    '''Hangs.'''\n"
        "    child = subprocess.Popen(['sleep', '1000'])\n"
        f"    open({str(mark)!r}, 'w').write(str(child.pid))\n"
        "    time.sleep(1000)\n    return ''\n",
    )
    box = Toolbox([functions(folder)], limit_s=3)
    result = await run_tool(box, "hang")
    assert result.problem is Problem.TIMEOUT
    async with asyncio.timeout(10):
        while _runs(int(mark.read_text())):
            await asyncio.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def command(*argv: str, **parameters: Any) -> Commands:
    """A command as a tool."""
    spec = CommandSpec("run", argv, "Runs.", parameters, ("WANTED",))
    environ = {"PATH": os.environ["PATH"], "WANTED": "yes", "LLMHUB_API_KEY": "sk-planted"}
    return Commands([spec], environ)


SHELL = [
    "$(touch {mark})",
    "`touch {mark}`",
    "; touch {mark}",
    "x\ntouch {mark}",
    "| tee {mark}",
    "> {mark}",
    "'\"",
]


@pytest.mark.parametrize("value", SHELL)
async def test_no_argument_reaches_a_shell(tmp_path: Path, value: str) -> None:
    mark = tmp_path / "mark"
    value = value.replace("{mark}", str(mark))
    show = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))"]
    box = await offered(command(*show, "say {text}", "{text}"))
    result = await run_tool(box, "run", text=value)
    assert json.loads(result.text) == [f"say {value}", value]
    assert not mark.exists()


def test_an_argument_becomes_no_option_and_no_second_word() -> None:
    assert fill(["ls", "{path}"], {"path": "a b; c"}) == ["ls", "a b; c"]
    assert fill(["ls", "--", "{path}"], {"path": "-la"}) == ["ls", "--", "-la"]
    assert fill(["ls", "--sort={by}"], {"by": "-x"}) == ["ls", "--sort=-x"]
    assert fill(["x", "{a}"], {"a": "{b}", "b": "no"}) == ["x", "{b}"]
    for value in ("-la", "--exec=rm"):
        with pytest.raises(ToolError, match="option"):
            fill(["ls", "{path}"], {"path": value})
    with pytest.raises(ToolError, match="zero byte"):
        fill(["ls", "{path}"], {"path": "a\0b"})


async def test_a_command_gets_what_the_settings_name_and_no_keys() -> None:
    box = await offered(command(sys.executable, "-c", "import os; print(sorted(os.environ))"))
    text = (await run_tool(box, "run")).text
    assert "WANTED" in text
    assert "LLMHUB_API_KEY" not in text


async def test_a_command_shows_its_whole_line_before_it_runs_and_says_how_it_failed() -> None:
    box = await offered(
        command(
            sys.executable,
            "-c",
            "import sys; sys.exit('broken: ' + sys.argv[1])",
            "{n}",
            n={"type": "integer"},
        )
    )
    request = await request_of(box, "run", n=7)
    assert request.detail.endswith(" 7")
    assert request.detail.startswith("Runs: ")
    failed = await box.run(call_of("run", n=7))
    assert failed.problem is Problem.FAILED
    assert failed.text.endswith("ended with status 1.\nbroken: 7")
    assert (await run_tool(box, "run", n="seven")).problem is Problem.INVALID
    missing = await offered(command("/no/such/program"))
    assert "cannot be started" in (await run_tool(missing, "run")).text
