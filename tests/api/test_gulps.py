"""Reading in gulps: fewer wakes, nothing changed, nothing held up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from llmhub_tui.api.gulps import GULP_S, Gulps


class Line:
    """A line over which pieces come at set times, and its clock."""

    def __init__(self, times: Sequence[float]) -> None:
        self.times = times
        self.now = 0.0
        self.read_at: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def pieces(self) -> AsyncIterator[bytes]:
        for number, at in enumerate(self.times):
            self.now = max(self.now, at)
            yield str(number).encode()

    async def read(self) -> list[bytes]:
        found = []
        async for piece in Gulps(self.pieces(), self.clock, self.sleep):
            self.read_at.append(self.now)
            found.append(piece)
        return found


async def test_what_comes_slowly_is_read_the_moment_it_comes() -> None:
    line = Line([1.0, 1.1, 1.2, 1.3])
    await line.read()
    assert line.read_at == [1.0, 1.1, 1.2, 1.3]


async def test_what_comes_quickly_is_read_in_fewer_gulps_than_pieces() -> None:
    line = Line([1.0 + 0.01 * number for number in range(300)])
    await line.read()
    assert len(set(line.read_at)) <= 201


async def test_what_is_there_at_once_is_read_without_a_pause() -> None:
    line = Line([1.0] * 50)
    await line.read()
    assert set(line.read_at) <= {1.0, 1.0 + GULP_S}


@given(st.lists(st.floats(0, 0.2), max_size=60))
async def test_every_piece_comes_in_order_and_none_is_held_for_longer_than_a_gulp(gaps: list[float]) -> None:
    times = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    line = Line(times)
    assert await line.read() == [str(number).encode() for number in range(len(times))]
    assert all(read - came <= GULP_S + 1e-9 for came, read in zip(times, line.read_at, strict=True))
