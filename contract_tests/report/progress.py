"""A bar on the terminal that tells how far a run is."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Bar:
    """Shows how many tests of a run are done, how many requests were made, and how many lies were told."""

    def __init__(self) -> None:
        self._progress = Progress(
            BarColumn(),
            TextColumn(
                "{task.completed}/{task.total} tests, {task.fields[requests]:,} requests, {task.fields[lies]} lies"
            ),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=1, requests=0, lies=0)

    def show(self, of: int, requests: int, lies: int) -> None:
        """One test more is done, of so many."""
        self._progress.start()
        self._progress.update(self._task, advance=1, total=of, requests=requests, lies=lies)

    def end(self) -> None:
        """Take it away."""
        self._progress.stop()
