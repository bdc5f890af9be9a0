"""Shows hostile texts in the real app on the terminal that it was started in; run by tests, in a pty.

`python -m security.showing PLACES CASES REPORT`: places and cases are names with commas between them,
or `all`; `unwalled` is a widget without the inner wall, `--no-wall` takes away the outer one. The report,
as JSON, says how much CPU the longest step of the event loop took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from support.app import Stage, until_open
from support.hostile import CASES, FEW, JOINED
from support.places import PLACES, unwalled
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.pilot import Pilot

from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.terminal.wall import CELLS


class Pulse:
    """Measures what the event loop does between two beats, in seconds of its own CPU time."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.where = self.at = ""

    async def beat(self) -> None:
        """Runs until it is cancelled."""
        before = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            if now - before > self.longest_s:
                self.longest_s, self.where = now - before, self.at
            before = now
            await asyncio.sleep(0.002)
            before = time.thread_time()


def chosen(names: str, table: dict[str, str]) -> dict[str, str]:
    """The cases that are named."""
    if Path(names).is_dir():
        return {
            path.name: path.read_bytes().decode("utf-8", "surrogatepass") for path in Path(names).iterdir()
        }
    if names in ("all", "joined"):
        return table if names == "all" else {"joined": JOINED}
    return FEW if names == "few" else {name: table[name] for name in names.split(",")}


def main(app: type[ChatApp], places: str, cases: str, report: str) -> int:
    """Shows every case in every place."""
    pulse = Pulse()
    texts = chosen(cases, CASES)
    shown = {**PLACES, "unwalled": unwalled}
    names = list(PLACES) if places == "all" else places.split(",")

    async def show(pilot: Pilot[Any]) -> None:
        await until_open(pilot)
        beating = asyncio.create_task(pulse.beat())
        for name in names:
            await shown[name](pilot, f"seen-in-{name}")  # so that a place that shows nothing is found out
            for case, text in texts.items():
                pulse.at = f"{name}: {case}"
                await shown[name](pilot, text)
        beating.cancel()
        Path(report).write_text(
            json.dumps({"longest_s": pulse.longest_s, "where": pulse.where, "done": True})
        )
        pilot.app.exit(0)

    stage = Stage(make_app=app)
    status = stage.app.run(auto_pilot=show)
    if stage.app.crash_report:
        Path(report).write_text(json.dumps({"crash": stage.app.crash_report, "where": pulse.at}))
    return status or 0


class Unwalled(ChatApp):
    """The app without the outer wall."""

    CSS_PATH = str(resources.files("llmhub_tui.tui") / "dialogs.tcss")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Those of Textual alone."""
        return [line_filter for line_filter in super().get_line_filters() if line_filter is not CELLS]

    def get_driver_class(self) -> type[Driver]:
        """Textual's own."""
        return LinuxDriver


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    sys.exit(main(Unwalled if "--no-wall" in sys.argv else ChatApp, *arguments))
