"""What the demo does with tools: which it asks for, and what it says to their results."""

from __future__ import annotations

from typing import Final

from llmhub_tui.demo.script import Call, Refusal, Script

_TWO: Final = (
    "A model may ask for a function to be called. I ask for two at once; their arguments "
    "arrive as fragments of JSON."
)
_CUT: Final = "This call is cut in the middle of its arguments, so it must not run."
_STEP: Final = "I take one step at a time; this is step {number} of {last}."
_DONE: Final = "The tools have answered. A model would now go on with this:\n\n"
_STEPS: Final = 3
TOOLLESS: Final = Script("Without tools, then. A model would now answer as well as it can.")
"""The reply to a request that offers no tools, where one that does is refused."""


def tool_script(detail: str) -> Script | Refusal:
    """The reply that asks for tools: two at once, one that is cut, or one after the other."""
    match detail:
        case "cut":
            return Script(_CUT, calls=(Call("calculator", '{"expression": "6 * '),), finish_reason="length")
        case "rounds" | "steps":
            return _step(1)
        case "refused":
            return Refusal(400, "The model `llmhub-demo` does not support tools.", "tools_unsupported")
        case _:
            calls = (
                Call("current_time", '{"zone": "Europe/Paris"}'),
                Call("calculator", '{"expression": "6 * 7"}'),
            )
            return Script(_TWO, calls=calls, finish_reason="tool_calls")


def after_tools(prompt: str, results: list[str]) -> Script:
    """The reply once the tools that the prompt led to have answered."""
    if {"rounds", "steps"} & set(prompt.lower().split()) and len(results) < _STEPS:
        return _step(len(results) + 1)
    return Script(_DONE + "\n".join(f"- `{result[:200]}`" for result in results))


def _step(number: int) -> Script:
    call = Call("calculator", f'{{"expression": "{number} + {number}"}}')
    text = _STEP.format(number=number, last=_STEPS)
    return Script(text, calls=(call,), finish_reason="tool_calls")
