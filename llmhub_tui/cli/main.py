"""The commands and their options. What they do is loaded when they are chosen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from llmhub_tui import __version__
from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode, silence
from llmhub_tui.cli.completion import complete_conversation, completion_script
from llmhub_tui.cli.crash import described, report_crash
from llmhub_tui.cli.flags import LAST, Flags, connection_options
from llmhub_tui.cli.history import history
from llmhub_tui.cli.wire import models, replay
from llmhub_tui.domain.errors import ChatError, StorageError


class _DefaultToChat(click.Group):
    """Without a command the chat starts; its options stand on the group itself."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Says that the command may be left out."""
        formatter.write_usage(ctx.command_path, "[OPTIONS] | COMMAND [ARGS]…")


@click.group(
    cls=_DefaultToChat,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@connection_options
@click.option("-c", "--continue", "resume", is_flag=True, help="Open the last conversation.")
@click.option(
    "-r",
    "--resume",
    "wish",
    is_flag=False,
    flag_value="",
    metavar="[ID or WORDS]",
    shell_complete=complete_conversation,
    help="Open the conversation with this id or title; without one, choose from the last ones.",
)
@click.option("--theme", metavar="NAME", help="For instance textual-dark, textual-light, nord, gruvbox.")
@click.version_option(__version__, prog_name="llmhub-chat")
@click.pass_context
def cli(ctx: click.Context, /, **_: object) -> None:
    """Chat with LLMHub, or any OpenAI-compatible server, in the terminal.

    Without a key and without a server it starts on the embedded demo.
    The API key comes from the environment (LLMHUB_API_KEY) or the settings file, never from an option.
    """
    options = ctx.params
    if ctx.invoked_subcommand is not None:
        return
    from llmhub_tui.cli.chat import start_chat  # the settings reader: 30 ms

    resume = LAST if options["resume"] else None
    if options["wish"] is not None:
        from llmhub_tui.cli.choosing import choose_conversation  # SQLite: 10 ms

        resume = choose_conversation(options["wish"])
        if resume is None:
            ctx.exit(ExitCode.FAILED)
    ctx.exit(start_chat(Flags.take(options), resume=resume, theme=options["theme"]))


@cli.command()
@click.argument("prompt", nargs=-1)
@connection_options
@click.option("--json", "json_lines", is_flag=True, help="Every event as one JSON object a line.")
@click.option("--tools", metavar="NAMES", default="", help="Tools to offer, such as current_time,time__*.")
@click.option(
    "--allow-tool", metavar="NAME", multiple=True, help="A tool that may run; all others are refused."
)
@click.option("--no-save", is_flag=True, help="Keep no copy of this conversation.")
@click.pass_context
def ask(ctx: click.Context, /, prompt: Sequence[str], **_: object) -> None:
    """Ask one question; the reply goes to standard output.

    Text on standard input goes along with the prompt: git diff | llmhub-chat ask "Review this".

    \b
    Exit status: 0 finished, 1 failed, 2 usage, 3 cut by length, 130 interrupted.
    """
    from llmhub_tui.cli.oneshot import AskTools, start_ask  # the settings reader: 30 ms

    options = ctx.params
    ctx.exit(
        start_ask(
            Flags.of(ctx),
            " ".join(prompt),
            json_lines=options["json_lines"],
            save=not options["no_save"],
            tools=AskTools(_names(options["tools"]), _names(",".join(options["allow_tool"]))),
        )
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


@cli.command("demo-server")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one."
)
@click.option("--pace", type=click.FloatRange(min=0), default=None, help="Tokens per second; 0: no limit.")
@click.pass_context
def demo_server(ctx: click.Context, /, port: int, pace: float | None) -> None:
    """Serve the demo on 127.0.0.1, for any OpenAI-compatible client."""
    from llmhub_tui.cli.demo_process import serve_demo  # starlette and uvicorn: 150 ms

    ctx.exit(serve_demo(port, pace))


@cli.command("web", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8766, show_default=True, help="0: any free one."
)
@click.help_option("-h", "--help")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def web(ctx: click.Context, /, port: int, options: Sequence[str]) -> None:
    """Serve the chat to a browser on this machine, with the OPTIONS of the chat.

    Needs the extra: pip install 'llmhub-tui[web]'. Only who has the address that it prints gets in.
    """
    try:
        from llmhub_tui.cli.web import serve_web  # aiohttp: 200 ms, and an extra
    except ImportError as error:
        raise click.UsageError("the chat in a browser needs the `web` extra: pip install '.[web]'") from error
    try:
        ctx.exit(serve_web(options, port))
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}") from error


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands, options and conversations.

    \b
    bash: echo 'eval "$(llmhub-chat completion bash)"' >> ~/.bashrc
    zsh:  echo 'eval "$(llmhub-chat completion zsh)"' >> ~/.zshrc
    fish: llmhub-chat completion fish > ~/.config/fish/completions/llmhub-chat.fish
    """
    click.echo(completion_script(cli, shell))


cli.add_command(history)
cli.add_command(models)
cli.add_command(replay)


def run(arguments: Sequence[str]) -> int:
    """Runs a command line; answers with the exit status, and never with a traceback."""
    say = Diagnostics().say
    status: int = ExitCode.FAILED
    try:
        outcome = cli.main(list(arguments), prog_name="llmhub-chat", standalone_mode=False)
        status = outcome if isinstance(outcome, int) else ExitCode.FINISHED
    except click.exceptions.NoArgsIsHelpError as error:  # `history` alone: its help is the message
        click.echo(error.format_message(), err=True)
        status = ExitCode.USAGE
    except click.UsageError as error:
        say(error.format_message(), "Try `llmhub-chat --help`.")
        status = ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        status = ExitCode.INTERRUPTED
    except click.ClickException as error:
        say(error.format_message())
    except ChatError as error:
        say(error.message, error.advice)
    except StorageError as error:
        say(str(error))
    except BrokenPipeError:
        silence(sys.stdout)
        status = ExitCode.BROKEN_PIPE
    except Exception as error:  # a bug of ours: whatever it is, no traceback and no variable is printed
        status = report_crash(described(error), os.environ)
    return status
