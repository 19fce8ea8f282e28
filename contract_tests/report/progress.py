"""The progress bar of a run on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Bar:
    """Shows how many tests of a run are done, how many requests were sent, and how many violations were found."""

    def __init__(self) -> None:
        self._progress = Progress(
            BarColumn(),
            TextColumn("{task.completed}/{task.total} tests, {task.fields[requests]:,} requests"),
            TextColumn("{task.fields[failures]} violations"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=1, requests=0, failures=0)

    def show(self, of: int, requests: int, failures: int) -> None:
        """Show that one more test is done, of so many."""
        self._progress.start()
        self._progress.update(self._task, advance=1, total=of, requests=requests, failures=failures)

    def end(self) -> None:
        """Remove the bar."""
        self._progress.stop()
