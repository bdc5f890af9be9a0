"""What the settings make of tools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.boxes import call_of
from support.toolbox import FakeGate

from llmhub_tui.cli.tooling import Workshop
from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.settings.reading import read_settings

SETTINGS = """
[tools]
on = ["current_time"]
roots = ["{root}"]
allow_read_only = {read_only}

[tools.profiles]
work = ["calculator", "greet"]

[tools.commands.greet]
argv = ["echo", "Hello, {{name}}!"]
description = "Greets."
parameters = {{ name = "Whom." }}

[[tools.always]]
tool = "greet"
source = "settings"
arguments = {{ name = "A*" }}
"""


def shop(tmp_path: Path, *, read_only: bool = False, profile: str = "work") -> Workshop:
    """Tools as these settings have them."""
    folder = tmp_path / "conf"
    folder.mkdir(exist_ok=True)
    path = folder / "config.toml"
    path.write_text(SETTINGS.format(root=tmp_path, read_only=str(read_only).lower()))
    path.chmod(0o600)
    (folder / "mcp.json").write_text(json.dumps({"mcpServers": {}}))
    (folder / "mcp.json").chmod(0o600)
    environ = {"LLMHUB_CONFIG": str(path), "LLMHUB_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"}
    return Workshop(read_settings(path), environ, profile=profile)


async def answer(workshop: Workshop, tool: str, /, **arguments: str) -> Answer:
    """What the gate says to a call when the person says no."""
    toolbox, gate = workshop.plugs(FakeGate([Answer.NO]))
    await toolbox.offer(["*"])
    checked = await toolbox.check(call_of(tool, **arguments))
    assert isinstance(checked, ConsentRequest), checked
    return await gate.ask(checked)


def test_a_profile_has_its_own_tools_and_all_others_the_usual_ones(tmp_path: Path) -> None:
    assert shop(tmp_path).on == ("calculator", "greet")
    assert shop(tmp_path, profile="other").on == ("current_time",)


@pytest.mark.parametrize("read_only", [True, False])
async def test_what_only_reads_runs_unasked_if_the_settings_say_so(tmp_path: Path, read_only: bool) -> None:
    workshop = shop(tmp_path, read_only=read_only)
    assert (await answer(workshop, "read_file", path="x")).allows is read_only
    assert not (await answer(workshop, "write_file", path="x", content="y")).allows
    assert not (await answer(workshop, "fetch_url", url="https://example.org/")).allows
    assert not (await answer(workshop, "run_python", code="1")).allows


async def test_what_was_allowed_for_good_is_read_from_the_settings(tmp_path: Path) -> None:
    assert (await answer(shop(tmp_path), "greet", name="Ada")).allows
    assert not (await answer(shop(tmp_path), "greet", name="Bob")).allows


async def test_settings_and_data_are_closed_to_the_file_tools_even_below_a_root(tmp_path: Path) -> None:
    toolbox = shop(tmp_path).new_toolbox()
    await toolbox.offer(["*"])
    for path in ("conf/config.toml", "data/chats.db"):
        assert "closed to tools" in (await toolbox.run(call_of("read_file", path=path))).text


async def test_each_conversation_has_tools_of_its_own_on(tmp_path: Path) -> None:
    workshop = shop(tmp_path)
    one, two = workshop.new_toolbox(), workshop.new_toolbox()
    await one.offer(["calculator"])
    await two.offer(["current_time"])
    assert (await one.run(call_of("calculator", expression="6 * 7"))).text == "42"
