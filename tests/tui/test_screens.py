"""Pictures of every state of the screen, compared with the last ones that a person has looked at."""

from __future__ import annotations

from typing import Protocol

import pytest
from support.scenes import SCENES, Act
from textual.app import App


class SnapCompare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(self, app: App[int], *, terminal_size: tuple[int, int], run_before: Act) -> bool: ...


@pytest.mark.parametrize("name", SCENES)
def test_a_state_looks_as_it_did(name: str, snap_compare: SnapCompare) -> None:
    scene = SCENES[name]
    assert snap_compare(scene.stage().app, terminal_size=(80, 24), run_before=scene.act)


@pytest.mark.parametrize("size", [(120, 40), (40, 12), (20, 6)], ids=str)
def test_a_size_looks_as_it_did(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    scene = SCENES["chat"]
    assert snap_compare(scene.stage().app, terminal_size=size, run_before=scene.act)


@pytest.mark.parametrize("size", [(120, 40), (40, 12)], ids=str)
@pytest.mark.parametrize("name", ["panel", "history"])
def test_the_history_fits_its_terminal(name: str, size: tuple[int, int], snap_compare: SnapCompare) -> None:
    scene = SCENES[name]
    assert snap_compare(scene.stage().app, terminal_size=size, run_before=scene.act)


def test_without_color_it_looks_as_it_did(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    scene = SCENES["chat"]
    assert snap_compare(scene.stage().app, terminal_size=(80, 24), run_before=scene.act)
