"""Files that change while they are served."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest

from tests.support.stand_in import stand_in
from ventia_document import DOCUMENT
from ventia_mock.reload import reload
from ventia_mock.world.file import WORLD, World, read_world


def test_world_that_becomes_a_pipe_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes into it, so that to read it would never end."""
    app, path = stand_in(), tmp_path / "world.yaml"
    path.write_bytes(WORLD.read_bytes())

    async def change() -> None:
        reloading = asyncio.create_task(reload(app, DOCUMENT, path, read_world, pause=0.001))
        await asyncio.sleep(0.01)
        path.unlink()
        os.mkfifo(path)
        await asyncio.sleep(0.05)
        reloading.cancel()

    asyncio.run(change())
    assert f"{path}: cannot be read: it is no file" == app.health()["trouble"]


@pytest.mark.parametrize("served", ["document", "world"])
def test_pipe_that_was_read_at_the_start_is_not_read_again(tmp_path: Path, served: str) -> None:
    """As of `--world <(...)`, a shell's process substitution."""
    app, pipe = stand_in(), tmp_path / "pipe"
    os.mkfifo(pipe)
    paths = {"document": DOCUMENT, "world": WORLD, served: pipe}

    async def change() -> None:
        reloading = asyncio.create_task(reload(app, paths["document"], paths["world"], read_world, pause=0.001))
        await asyncio.sleep(0.01)
        os.utime(pipe, (1, 1))
        await asyncio.sleep(0.02)
        reloading.cancel()

    asyncio.run(change())
    assert "ok" == app.health()["status"]


def test_requests_are_answered_while_a_changed_world_is_read(tmp_path: Path) -> None:
    app, path = stand_in(), tmp_path / "world.yaml"
    path.write_bytes(WORLD.read_bytes())
    is_reading, is_answered = threading.Event(), threading.Event()

    def read_slowly(world: Path) -> World:
        is_reading.set()
        assert is_answered.wait(5)
        return read_world(world)

    async def change() -> None:
        reloading = asyncio.create_task(reload(app, DOCUMENT, path, read_slowly, pause=0.001))
        await asyncio.sleep(0.01)
        path.write_text("companies: [{id: other}]\n", encoding="utf-8")
        assert await asyncio.to_thread(is_reading.wait, 5)
        assert "acme" == app.platform.accounts.first.company.id
        is_answered.set()
        reloading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reloading

    asyncio.run(asyncio.wait_for(change(), 5))
