"""Floor: the smallest Textual app with an input."""

from textual.app import App, ComposeResult
from textual.widgets import Input


class Empty(App[None]):
    """An input, and nothing else."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Input(placeholder="Type a prompt")


if __name__ == "__main__":
    Empty().run()
