"""Settings: options before the environment, before the file; every mistake gets one clear line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.settings.reading import read_settings, settings_path
from llmhub_tui.settings.resolve import Wishes, needs_demo, resolve
from llmhub_tui.settings.schema import Settings


def written(tmp_path: Path, text: str) -> Path:
    """A settings file."""
    path = tmp_path / "config.toml"
    path.write_text(text)
    path.chmod(0o600)
    return path


WORK = """
profile = "work"
theme = "nord"
[clocks]
silence_s = 30
[profiles.work]
base_url = "https://llm.example.com/v1/"
model = "big"
system = "Be brief."
temperature = 0.5
key_env = "WORK_KEY"
headers = { "X-Team" = "a" }
clocks = { first_token_s = 5 }
"""


def test_a_file_says_everything(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, WORK))
    found = resolve(settings, Wishes(), {"WORK_KEY": "sk-work"})
    assert (found.profile, found.base_url, found.model, found.system) == (
        "work",
        "https://llm.example.com/v1",
        "big",
        "Be brief.",
    )
    assert (found.connect_s, found.first_token_s, found.silence_s) == (10.0, 5.0, 30.0)
    assert found.parameters.temperature == 0.5
    key = found.key({"WORK_KEY": "sk-work"})
    assert key is not None
    assert key.reveal() == "sk-work"


def test_options_come_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, WORK))
    environ = {"LLMHUB_MODEL": "from-env", "LLMHUB_BASE_URL": "https://env.example.com/v1"}
    found = resolve(settings, Wishes(), environ)
    assert (found.base_url, found.model) == ("https://env.example.com/v1", "from-env")
    found = resolve(settings, Wishes(base_url="http://127.0.0.1:1/v1", model="x", temperature=0.0), environ)
    assert (found.base_url, found.model, found.parameters.temperature) == ("http://127.0.0.1:1/v1", "x", 0.0)
    found = resolve(settings, Wishes(profile="ollama"), environ)
    assert (found.base_url, found.model) == ("http://127.0.0.1:11434/v1", "")


def test_a_profiles_key_goes_to_its_own_host_only(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, WORK))
    environ = {"WORK_KEY": "sk-work"}
    assert resolve(settings, Wishes(base_url="https://evil.example/v1"), environ).key(environ) is None
    other_path = resolve(settings, Wishes(base_url="https://llm.example.com/v2"), environ)
    assert other_path.key(environ) is not None
    both = {"LLMHUB_API_KEY": "sk-mine"}
    key = resolve(settings, Wishes(base_url="https://other.example/v1"), both).key(both)
    assert key is not None
    assert key.reveal() == "sk-mine"


def test_a_key_command_comes_first_and_sees_no_shell(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('sk-from-command $HOME')"]
    text = f'[profiles.llmhub]\nbase_url = "https://a.example/v1"\nkey_command = {command!r}\n'
    found = resolve(read_settings(written(tmp_path, text)), Wishes(), {})
    with pytest.raises(ChatError, match="no usable API key"):
        found.key({})
    text = text.replace(" $HOME", "")
    key = resolve(read_settings(written(tmp_path, text)), Wishes(), {}).key({"LLMHUB_API_KEY": "sk-env"})
    assert key is not None
    assert key.reveal() == "sk-from-command"
    failing = text.replace("print('sk-from-command')", "raise SystemExit(3)")
    with pytest.raises(ChatError, match="ended with status 3"):
        resolve(read_settings(written(tmp_path, failing)), Wishes(), {}).key({})


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("sk-file\n")
    key_file.chmod(0o600)
    text = f'[profiles.llmhub]\nbase_url = "https://a.example/v1"\nkey_file = "{key_file}"\n'
    found = resolve(read_settings(written(tmp_path, text)), Wishes(), {})
    key = found.key({})
    assert key is not None
    assert key.reveal() == "sk-file"
    key_file.chmod(0o644)
    with pytest.raises(ChatError, match="others can read"):
        found.key({})


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("profile = ", "no valid TOML", "Mend that line"),
        ("profil = 'x'", "there is no setting `profil`", "Did you mean profile?"),
        ("[profiles.a]\nmodel = 'x'", "missing required field `base_url`", "Mend"),
        ("[profiles.a]\nbase_url = 1", "Expected `str`, got `int` at `profiles", "Mend"),
        ("[clocks]\nconnect_s = -1", "connect_s must be more than 0", "Mend"),
    ],
)
def test_every_mistake_gets_one_clear_line(tmp_path: Path, text: str, message: str, advice: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ChatError) as caught:
        read_settings(path)
    assert caught.value.kind is ErrorKind.SETUP
    assert str(path) in caught.value.message
    assert message in caught.value.message
    assert advice in caught.value.advice
    assert "\n" not in caught.value.message


def test_a_file_that_others_may_write_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    path.chmod(0o666)
    with pytest.raises(ChatError, match="others may write"):
        read_settings(path)


def test_no_file_is_fine_unless_it_was_named(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml") == Settings()
    with pytest.raises(ChatError, match="not there"):
        read_settings(tmp_path / "none.toml", required=True)
    assert settings_path({"LLMHUB_CONFIG": "/x.toml"}) == Path("/x.toml")


@pytest.mark.parametrize(
    "url", ["example.com", "ftp://a/v1", "https://", "https://u:p@a/v1", "http://[::1", "http://a:b"]
)
def test_a_base_url_that_is_none_is_said(url: str) -> None:
    with pytest.raises(ChatError, match="cannot be used") as caught:
        resolve(Settings(), Wishes(base_url=url), {})
    assert "u:p" not in caught.value.message


def test_the_demo_starts_only_where_nobody_said_where_to_go(tmp_path: Path) -> None:
    nothing = Settings()
    assert needs_demo(nothing, Wishes(), {})
    assert not needs_demo(nothing, Wishes(), {"LLMHUB_API_KEY": "sk-x"})
    assert not needs_demo(nothing, Wishes(), {"LLMHUB_BASE_URL": "http://127.0.0.1:1/v1"})
    assert not needs_demo(nothing, Wishes(base_url="http://127.0.0.1:1/v1"), {})
    assert not needs_demo(nothing, Wishes(profile="ollama"), {})
    assert not needs_demo(read_settings(written(tmp_path, WORK)), Wishes(), {})


def test_an_unknown_profile_is_said_with_those_there_are() -> None:
    with pytest.raises(ChatError, match="no profile 'x'") as caught:
        resolve(Settings(), Wishes(profile="x"), {})
    assert "llmhub, ollama, openai" in caught.value.advice
