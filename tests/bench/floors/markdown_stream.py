"""Floor: what Textual's documentation leads one to write. Arguments: base URL, tokens."""

import sys

from openai import AsyncOpenAI
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown


class Plain(App[None]):
    """A reply in a Markdown widget, fed by `MarkdownStream`."""

    def compose(self) -> ComposeResult:
        """A pane that scrolls."""
        with VerticalScroll():
            yield Markdown()

    def on_mount(self) -> None:
        """Asks at once."""
        self.query_one(VerticalScroll).anchor()
        self.run_worker(self.ask())

    async def ask(self) -> None:
        """Streams the reply into the widget."""
        client = AsyncOpenAI(base_url=sys.argv[1], api_key="none")
        out = Markdown.get_stream(self.query_one(Markdown))
        stream = await client.chat.completions.create(
            model="llmhub-demo",
            messages=[{"role": "user", "content": "long"}],
            max_tokens=int(sys.argv[2]),
            stream=True,
        )
        async for chunk in stream:
            if chunk.choices:
                await out.write(chunk.choices[0].delta.content or "")
        await out.stop()
        self.notify("THE-END")


if __name__ == "__main__":
    Plain().run()
