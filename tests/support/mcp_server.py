"""An MCP server over standard input and output, in plain Python: it crashes, stalls and lies as asked.

Run as a script; the argument names a file that gets a line for each start and each cancellation.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOSTILE = "\x1b]52;c;aGk=\x07\x1b[2J\u202eevil\u200b [bold]markup[/] \x9b31m"
TOOLS = [
    {"name": "echo", "description": "Echoes.", "inputSchema": {"type": "object"}},
    {"name": "crash", "description": "Ends the server.", "inputSchema": {"type": "object"}},
    {"name": "stall", "description": "Never answers.", "inputSchema": {"type": "object"}},
    {"name": "grow", "description": "Adds a tool.", "inputSchema": {"type": "object"}},
    {"name": "fail", "description": "Fails.", "inputSchema": {"type": "object"}},
    {"name": "hostile name!", "description": HOSTILE, "inputSchema": {"type": "object"}},
    {"name": "huge", "description": "x" * 100_000, "inputSchema": {"type": "object"}},
    {"name": "monster", "description": "", "inputSchema": {"type": "object", "description": "x" * 100_000}},
]
LOG = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(os.devnull)


def note(line: str) -> None:
    """Adds a line to the log."""
    with LOG.open("a") as file:
        file.write(f"{line}\n")


def called(params: dict[str, Any]) -> dict[str, Any] | None:
    """The result of a tool."""
    match params["name"]:
        case "crash":
            print("out of cheese", file=sys.stderr, flush=True)
            os._exit(3)
        case "stall":
            return None
        case "fail":
            return {"content": [{"type": "text", "text": "no such thing"}], "isError": True}
        case "grow":
            TOOLS.append({"name": "grown", "description": "", "inputSchema": {"type": "object"}})
            print(json.dumps({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}), flush=True)
            return {"content": [{"type": "text", "text": "grown"}]}
        case "hostile name!":
            print("this is no JSON", flush=True)
            return {"content": [{"type": "text", "text": HOSTILE}]}
        case _:
            return {"content": [{"type": "text", "text": json.dumps(params.get("arguments"))}]}


ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
    "initialize": lambda params: {
        "protocolVersion": params["protocolVersion"],
        "capabilities": {"tools": {"listChanged": True}, "prompts": {}, "resources": {}},
        "serverInfo": {"name": "test", "version": "1"},
    },
    "tools/list": lambda params: (
        {"tools": TOOLS[3:]} if params.get("cursor") else {"tools": TOOLS[:3], "nextCursor": "more"}
    ),
    "tools/call": called,
    "prompts/list": lambda _: {
        "prompts": [
            {"name": "review", "description": HOSTILE, "arguments": [{"name": "file", "required": True}]}
        ]
    },
    "prompts/get": lambda params: {
        "messages": [
            {"role": "user", "content": {"type": "text", "text": f"Review {params['arguments']['file']}."}}
        ]
    },
    "resources/list": lambda _: {"resources": [{"uri": "note://one", "name": "Note one"}]},
    "resources/read": lambda params: {"contents": [{"uri": params["uri"], "text": "The note's text."}]},
}


def main() -> None:
    """Answers line by line."""
    note("started")
    for line in sys.stdin:
        message = json.loads(line)
        method = message.get("method", "")
        if method == "notifications/cancelled":
            note("canceled")
        if "id" not in message:
            continue
        if method not in ANSWERS:
            answer = {"error": {"code": -32601, "message": f"no method {method}"}}
        elif (result := ANSWERS[method](message.get("params") or {})) is None:
            continue
        else:
            answer = {"result": result}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **answer}), flush=True)


if __name__ == "__main__":
    main()
