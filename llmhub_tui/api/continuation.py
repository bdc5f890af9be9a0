"""How a server is asked for the rest of a reply: as the profile says, or as its kind is known to take it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from llmhub_tui.api.request import Continuation

_BY_HOST: Final[Mapping[str, Continuation]] = {"api.deepseek.com": "prefix", "api.mistral.ai": "prefix"}
"""From their public documentation; DeepSeek takes it at its base URL that ends in /beta."""
_BY_NAME: Final[Mapping[str, Continuation]] = {"vllm": "flags", "llamacpp": "flags", "llama.cpp": "flags"}
"""What servers call themselves in `Server` or `owned_by`. llama.cpp was measured, vLLM documents it."""
_MILDER: Final[Mapping[Continuation, Continuation]] = {"flags": "last", "prefix": "last", "last": "message"}
"""What to try next where a server rejects a way."""


class Continuer:
    """Settles on a way for one server, and remembers what that server has rejected."""

    def __init__(self, setting: Continuation, base_url: str) -> None:
        """Takes the profile's setting; `auto` is settled here."""
        self._fixed = setting != "auto"
        host = (urlsplit(base_url).hostname or "").lower()
        self.way: Continuation = setting if self._fixed else _BY_HOST.get(host, "last")
        self.settled = self._fixed or host in _BY_HOST
        """Whether there is nothing more to find out about the server."""

    def learn(self, names: Iterable[str]) -> None:
        """Takes what the server calls itself."""
        if self.settled:
            return
        for name in names:
            for known, way in _BY_NAME.items():
                if known in name.lower():
                    self.way, self.settled = way, True
                    return

    def rejected(self) -> bool:
        """The server does not take this way; says whether there is another."""
        if self._fixed or self.way not in _MILDER:
            return False
        self.way, self.settled = _MILDER[self.way], True
        return True
