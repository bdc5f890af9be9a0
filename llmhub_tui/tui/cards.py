"""A reply's tool calls as cards: what the conversation knows of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.domain.tools import Problem, problem_of
from llmhub_tui.tui.widgets.entries import CallState, Card

_STATES: Final = {
    Problem.CUT: CallState.CUT,
    Problem.INVALID: CallState.INVALID,
    Problem.UNKNOWN: CallState.NOT_RUN,
    Problem.DENIED: CallState.DENIED,
    Problem.FAILED: CallState.FAILED,
    Problem.TIMEOUT: CallState.FAILED,
    Problem.STOPPED: CallState.STOPPED,
}


def shown_path(conversation: Conversation) -> list[Message]:
    """The messages that are shown: results stand in the cards of their calls, not by themselves."""
    return [message for message in conversation.path() if message.role is not Role.TOOL]


def cards_of(
    conversation: Conversation, reply: Message, states: Mapping[str, CallState], *, running: bool = False
) -> tuple[Card, ...]:
    """A card for each call of a reply.

    Args:
        conversation: holds the results.
        reply: as far as it has arrived.
        states: of calls that are being answered, by the id of the message that will hold the result.
        running: whether the turn that the reply belongs to goes on.
    """
    if not reply.tool_calls:
        return ()
    results = {message.tool_call_id: message for message in conversation.results(reply.id)}
    return tuple(_card(call, results.get(call.id), reply, states, running) for call in reply.tool_calls)


def _card(
    call: ToolCall, result: Message | None, reply: Message, states: Mapping[str, CallState], running: bool
) -> Card:
    if result is None:
        known = {
            None: CallState.ARRIVING,
            Ending.TOOL_CALLS: CallState.WAITING if running else CallState.NOT_RUN,
        }
        return Card(call, known.get(reply.ending, CallState.CUT))
    if result.ending is None:
        return Card(call, states.get(result.id, CallState.WAITING if running else CallState.STOPPED))
    problem = problem_of(result)
    state = CallState.DONE if problem is None else _STATES[problem]
    return Card(call, state, result.text, result.duration_s)
