"""What can fail: a turn, in kinds that decide what to do next, and the disk."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from llmhub_tui.domain.secret import redacted

if TYPE_CHECKING:
    from llmhub_tui.domain.messages import Failure


class ErrorKind(StrEnum):
    """What went wrong, as far as it decides what to do next."""

    AUTH = "auth"
    MODEL = "model"
    QUOTA = "quota"
    RATE_LIMIT = "rate_limit"
    TOO_LONG = "too_long"
    BAD_REQUEST = "bad_request"
    SERVER = "server"
    NETWORK = "network"
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT_CONNECT = "timeout_connect"
    TIMEOUT_START = "timeout_start"
    """Connected, but no first token in time."""
    TIMEOUT_SILENCE = "timeout_silence"
    RESTARTED = "restarted"
    """Asked to go on with a partial reply, the server began another one."""
    PROTOCOL = "protocol"
    """The other side does not speak chat completions: a web page, no JSON, a wrong base URL."""
    TOOLS = "tools"
    """The model or its server takes no tools."""
    ROUNDS = "rounds"
    """The model asked for tools again and again."""
    SETUP = "setup"
    """Something here is missing or wrong, such as a settings file or a key."""


_RETRYABLE = frozenset(
    {
        ErrorKind.RATE_LIMIT,
        ErrorKind.SERVER,
        ErrorKind.NETWORK,
        ErrorKind.TIMEOUT_CONNECT,
        ErrorKind.TIMEOUT_START,
    }
)


class StorageError(Exception):
    """The disk refused. The message says what and why in the user's terms."""


class NewerFileError(StorageError):
    """The file was made by a newer program; it is left untouched."""


class ChatError(Exception):
    """A failure in terms that a user can act on.

    No text in it holds a key, whoever wrote it. It is still a stranger's text, so it passes
    `domain.plain` before it is shown.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        advice: str = "",
        status: int | None = None,
        retry_after_s: float | None = None,
        retryable: bool | None = None,
    ) -> None:
        """Takes what happened.

        Args:
            kind: decides the default advice and whether another try can help.
            message: what happened, in the server's own words where it had any.
            advice: what to do next; empty for the kind's own.
            status: the HTTP status, where there was one.
            retry_after_s: how long the server asked to wait.
            retryable: overrides the kind's own answer.
        """
        message = redacted(message)
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.advice = redacted(advice) or _ADVICE[kind]
        self.status = status
        self.retry_after_s = retry_after_s
        self.retryable = kind in _RETRYABLE if retryable is None else retryable

    def failure(self) -> Failure:
        """What the transcript keeps of it."""
        from llmhub_tui.domain.messages import Failure  # not needed for the chat's first frame: 4 ms

        return Failure(kind=self.kind.value, message=self.message, advice=self.advice)


_ADVICE = {
    ErrorKind.AUTH: "Check the API key: the server did not accept it.",
    ErrorKind.MODEL: "Choose a model that the server has.",
    ErrorKind.QUOTA: "The account has no credit left; top it up or use another profile.",
    ErrorKind.RATE_LIMIT: "Too many requests; wait a little and retry.",
    ErrorKind.TOO_LONG: "The conversation is too long for the model; start a new chat or shorten the prompt.",
    ErrorKind.BAD_REQUEST: "The server rejected the request; its words say why.",
    ErrorKind.SERVER: "The server has a problem of its own; retry in a moment.",
    ErrorKind.NETWORK: "Check the network and the base URL, then retry.",
    ErrorKind.TLS: "The server's certificate was not accepted; check the base URL and the CA file.",
    ErrorKind.PROXY: "Check the proxy in the profile.",
    ErrorKind.TIMEOUT_CONNECT: "The server could not be reached in time; check the base URL, then retry.",
    ErrorKind.TIMEOUT_START: "The model took too long to start; retry, or raise first_token_s.",
    ErrorKind.TIMEOUT_SILENCE: "The stream fell silent; continue the reply, or raise silence_s.",
    ErrorKind.RESTARTED: "What had arrived is kept. Retry for a new reply, or continue to ask in words.",
    ErrorKind.PROTOCOL: "Check the base URL: an OpenAI-compatible API usually ends in /v1.",
    ErrorKind.TOOLS: "This model takes no tools; go on without them, or choose another model.",
    ErrorKind.ROUNDS: "Ctrl+G lets it go on.",
    ErrorKind.SETUP: "Mend the settings and start again.",
}


_OF_TOOLS: Final = re.compile(r"\b(?:tools?|functions?)(?:\b|[_-])", re.IGNORECASE)
_REFUSED: Final = re.compile(
    r"support|not (?:allowed|enabled|available|permitted|implemented)|requires|unknown|unrecogni[sz]ed"
    r"|unexpected|extra (?:inputs|fields)|no endpoints",
    re.IGNORECASE,
)
_REFUSING: Final = frozenset({ErrorKind.BAD_REQUEST, ErrorKind.MODEL, ErrorKind.SERVER})


def refuses_tools(error: ChatError) -> bool:
    """Whether a server that was offered tools says that it takes none.

    Servers have no code for it, only words: Ollama `does not support tools`, vLLM `"auto" tool choice
    requires --enable-auto-tool-choice`, llama.cpp `tools param requires --jinja flag`, OpenRouter
    `No endpoints found that support tool use`.
    """
    said = error.message
    return error.kind in _REFUSING and bool(_OF_TOOLS.search(said) and _REFUSED.search(said))
