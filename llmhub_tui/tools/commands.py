"""Programs that the settings name as tools. They are started as they stand there, never through a shell."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from llmhub_tui.tools.processes import plain_environment, run_process
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

SOURCE: Final = "settings"
_PLACE: Final = re.compile(r"\{([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A program as a tool."""

    name: str
    argv: tuple[str, ...]
    """`{name}` stands for the argument of that name; it never becomes more than one word."""
    description: str
    parameters: Mapping[str, str | Mapping[str, Any]]
    """For each placeholder a description, or a JSON schema."""
    environment: tuple[str, ...] = ()
    """Names of variables that the program gets beside the usual ones."""
    limit_s: float | None = None


class Commands:
    """The programs that the settings name."""

    title = "Commands (settings)"

    def __init__(self, specs: Sequence[CommandSpec], environ: Mapping[str, str]) -> None:
        """Takes what the settings say."""
        self._tools = tuple(_tool(spec, environ) for spec in specs)

    async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
        """All of them."""
        return self._tools

    def troubles(self) -> Sequence[str]:
        """None."""
        return ()


def _tool(spec: CommandSpec, environ: Mapping[str, str]) -> Tool:
    places = dict.fromkeys(name for word in spec.argv for name in _PLACE.findall(word))
    properties = {name: _property(spec.parameters.get(name, "")) for name in places}
    schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name, property in properties.items() if "default" not in property],
        "additionalProperties": False,
    }
    defaults = {name: property["default"] for name, property in properties.items() if "default" in property}

    async def run(arguments: Arguments) -> str:
        argv = fill(spec.argv, {**defaults, **arguments})
        outcome = await run_process(argv, environ=plain_environment(environ, spec.environment))
        said = "\n".join(part.rstrip() for part in (outcome.out, outcome.err) if part.strip())
        if outcome.code != 0:
            raise ToolError(f"{argv[0]} ended with status {outcome.code}.\n{said}".rstrip())
        return outcome.out or said or "(it printed nothing)"

    async def detail(arguments: Arguments) -> str:
        return f"Runs: {shlex.join(fill(spec.argv, {**defaults, **arguments}))}"

    return Tool(spec.name, spec.description, schema, SOURCE, run, detail=detail, limit_s=spec.limit_s)


def _property(parameter: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(parameter, str):
        return {"type": "string", "description": parameter} if parameter else {"type": "string"}
    return dict(parameter)


def fill(argv: Sequence[str], arguments: Arguments) -> list[str]:
    """The words of the command line with arguments in their places.

    A value stays within its word, whatever is in it, and cannot become an option where the command line
    has none: one that begins a word with a dash is taken only behind `--`.

    Raises:
        ToolError: for a value that cannot be passed.
    """
    words: list[str] = []
    for word in argv:
        filled = _PLACE.sub(lambda place: _word(arguments[place[1]]), word)
        if "\0" in filled:
            raise ToolError("an argument holds a zero byte")
        if filled.startswith("-") and not word.startswith("-") and "--" not in words:
            raise ToolError(f"{filled[:60]!r} would be taken for an option of {argv[0]}")
        words.append(filled)
    return words


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
