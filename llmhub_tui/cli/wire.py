"""The commands about the wire: which models a server has, and recordings."""

from __future__ import annotations

from pathlib import Path

import click

from llmhub_tui.cli.flags import Flags, connection_options


@click.command("models")
@connection_options
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.pass_context
def models(ctx: click.Context, /, as_json: bool, **_: object) -> None:
    """List the server's models, one a line.

    Also shows whether a base URL and a key work, without asking for a reply.
    """
    from llmhub_tui.cli.models import list_models  # the settings reader: 30 ms

    ctx.exit(list_models(Flags.of(ctx), as_json=as_json))


@click.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="How many times faster than recorded; 0: without any wait.",
)
@click.option("--plain", is_flag=True, help="To standard output, as in a pipe, and not in the chat.")
@click.option("--json", "json_lines", is_flag=True, help="Every event as one JSON object a line.")
@click.pass_context
def replay(ctx: click.Context, /, file: Path, speed: float, plain: bool, json_lines: bool) -> None:
    """Play a recording made with --record: in the chat, or in a pipe to standard output.

    The recorded bytes go through the same code as a server's, at the same pace. Nothing is sent, no tool
    runs, and nothing is saved.
    """
    from llmhub_tui.cli.replay import start_replay  # openai: 800 ms

    ctx.exit(start_replay(file, speed, plain=plain, json_lines=json_lines))
