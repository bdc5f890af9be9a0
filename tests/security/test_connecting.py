"""A key is typed where nobody sees it, tried out, kept where nobody else reads it, and used at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.demo import DemoServer
from support.terminal import Terminal, isolated

from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.secret import Secret
from llmhub_tui.settings.keys import find_key, keep_key, key_path
from llmhub_tui.settings.reading import read_settings
from llmhub_tui.settings.schema import Profile
from llmhub_tui.settings.writing import keep_server

KEY = "planted-key-0123456789"


def test_a_new_user_connects_from_the_demo_and_is_connected_at_the_next_start(tmp_path: Path) -> None:
    env = isolated(tmp_path, LLMHUB_DATA_DIR=str(tmp_path / "chats"))
    with DemoServer() as server, Terminal([], env=env, cwd=tmp_path) as chat:
        chat.wait_for("F2 connects to a server")
        chat.send("\x1bOQ")
        chat.wait_for("Server, usually ending in /v1", "api.llmhub.one")
        chat.send(KEY)
        chat.wait_for("•" * len(KEY))
        chat.send("\x1b[Z\x01\x0b")
        chat.wait_until(lambda screen: "api.llmhub.one" not in screen)
        chat.send("http://127.0.0.1:9/v1\r")
        chat.wait_for("nothing listens at 127.0.0.1:9")
        chat.send(KEY)
        chat.wait_for("•" * len(KEY))
        chat.send("\x1b[Z\x01\x0b")
        chat.wait_until(lambda screen: "http://127.0.0.1:9/" not in screen)
        chat.send(f"{server.url}\r")
        screen = chat.wait_for("The key is kept in", "127.0.0.1-")
        assert "Offline demo" not in screen
        chat.send("hello\r")
        chat.wait_for("I am the offline demo", "done")
        assert server.status()["requests"] == 1
        chat.send("\x11")
        assert chat.exit_status() == 0
        assert KEY.encode() not in bytes(chat.recorded)
        with Terminal([], env=env, cwd=tmp_path) as again:
            again.wait_for("127.0.0.1-", "ready")
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert [path.parent.name for path in kept] == ["keys"]
    assert oct(kept[0].stat().st_mode)[-3:] == "600"
    assert oct(kept[0].parent.stat().st_mode)[-3:] == "700"


def test_a_kept_key_comes_after_all_others(tmp_path: Path) -> None:
    environ = {"LLMHUB_CONFIG": str(tmp_path / "config.toml")}
    profile = Profile("https://a.example/v1", key_env="A_KEY")
    where = keep_key("a/b", Secret(KEY), tmp_path / "config.toml")
    assert Path(where) == key_path("a/b", tmp_path / "config.toml")
    assert Path(where).parent == tmp_path / "keys"
    for more, expected in (({}, KEY), ({"A_KEY": "from-the-environment"}, "from-the-environment")):
        found = find_key("a/b", profile, {**environ, **more})
        assert found is not None
        assert found.reveal() == expected
    Path(where).chmod(0o644)
    with pytest.raises(ChatError, match="others can read the key file"):
        find_key("a/b", profile, environ)


def test_the_settings_keep_what_the_user_wrote(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\ntheme = "nord"\n\n[profiles.work]\nbase_url = "https://w.example/v1"\n')
    file.chmod(0o600)
    keep_server(file, "home", "https://h.example/v1")
    settings = read_settings(file)
    assert (settings.profile, settings.theme) == ("home", "nord")
    assert settings.profiles["home"].base_url == "https://h.example/v1"
    assert settings.profiles["work"].base_url == "https://w.example/v1"
    assert file.read_text().startswith("# mine\n")
    keep_server(tmp_path / "new.toml", "llmhub", "")
    assert read_settings(tmp_path / "new.toml").profile == "llmhub"
