"""What time it is, here and elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from llmhub_tui.tools.tool import Arguments, Tool, ToolError

_SCHEMA = {
    "type": "object",
    "properties": {
        "zone": {
            "type": "string",
            "description": "An IANA time zone such as Europe/Paris or UTC; without it, the user's own.",
        },
        "at": {
            "type": "string",
            "description": "A moment to convert instead of now, in ISO 8601, such as 2026-03-01T18:00+01:00.",
        },
    },
    "additionalProperties": False,
}


def clock_tool() -> Tool:
    """The time now or another moment, in any time zone."""
    return Tool(
        "current_time",
        "The current date, time and weekday in a time zone, or another moment converted into it.",
        _SCHEMA,
        "built-in",
        _time,
        read_only=True,
    )


async def _time(arguments: Arguments) -> str:
    zone = _zone(arguments.get("zone", ""))
    if "at" in arguments:
        try:
            moment = datetime.fromisoformat(arguments["at"])
        except ValueError as error:
            raise ToolError(f"at: {error}") from error
        moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    else:
        moment = datetime.now(UTC)
    try:
        there = moment.astimezone(zone)
    except (OverflowError, OSError) as error:
        raise ToolError("at: the moment is beyond the calendar") from error
    return f"{there:%A} {there.isoformat(timespec='seconds')} ({there.tzname()})"


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        advice = "use an IANA name such as Europe/Paris"
        raise ToolError(f"there is no time zone {name!r}; {advice}") from error
