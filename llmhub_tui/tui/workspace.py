"""What the app works with, made by the command line; the app opens it after its first frame."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from llmhub_tui.domain.conversation import Conversation
    from llmhub_tui.domain.wire_log import WireLog
    from llmhub_tui.session.session import Session
    from llmhub_tui.tui.connecting import Connector
    from llmhub_tui.tui.desk import Unsent
    from llmhub_tui.tui.library import Library
    from llmhub_tui.tui.opening import Opening
    from llmhub_tui.tui.player import MakeTurn
    from llmhub_tui.tui.tooling import ToolDesk


class Exporter(Protocol):
    """Writes a transcript."""

    def default_name(self, conversation: Conversation) -> str:
        """A file name made from the title."""
        ...

    def write(self, conversation: Conversation, path: Path, *, overwrite: bool) -> None:
        """Writes it in the format that the file's ending names.

        Raises:
            FileExistsError: if the file is there and may not be overwritten.
            StorageError: if the disk refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open session and what surrounds it."""

    session: Session
    """The one to begin with."""
    new_session: Callable[[], Session]
    """A session of a conversation in which nothing was said yet."""
    open_session: Callable[[Conversation], Session]
    """A session of a conversation that was loaded."""
    library: Library
    exporter: Exporter
    warm: Callable[[], None]
    """Begins to load what the first request will need; called on the event loop."""
    models: Callable[[], Awaitable[Sequence[str]]]
    """Asks the server for its models; raises `ChatError`."""
    wire: WireLog
    """What passed over the wire; it goes on growing."""
    script: Iterable[MakeTurn] = ()
    """Turns that are played at once, one behind the other, as when a recording is replayed."""
    opening: Opening | None = None
    """What is shown from now on, where it was not known before."""
    tools: ToolDesk | None = None
    """The tools, where there are any."""
    connector: Connector | None = None
    """Changes the server, where that can be done."""
    notice: str = ""
    """What the user should know first, such as a reply that was recovered."""
    title_by_model: bool = False
    """Whether the model is asked for titles."""
    unsent: Unsent | None = None
    """What was being written in the first session when it was last left."""
