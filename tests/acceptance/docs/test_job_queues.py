"""The recipes of docs/job-queues.md with their real queues: jobs that come twice, and workers that are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.acceptance.docs.pages import ROOT
from tests.acceptance.docs.running import environment
from tests.client.ledger import applications
from tests.support.databases import Server, serving
from tests.support.raw_server import Connection, RawServer, answer
from tests.support.raw_server import serving as serving_raw
from tests.support.stride import some, thinned
from ventia_client.ledger import Ledger
from ventia_client.ledger import Record as Sent

pytestmark = thinned

CONTACT = "66f1a2b33c4d5e0067f8a9b0"


class Recipe(NamedTuple):
    """How a queue is run.

    Attributes:
        worker: the command of a worker.
        enqueue: a Python program that enqueues a job.
        ended: a Python expression for how many jobs have ended.
        database: the server that it needs.
        again: whether the queue itself gives the job of a killed process to another one.
    """

    worker: list[str]
    enqueue: str
    ended: str
    database: str = "redis"
    again: bool = True


CELERY = Recipe(
    ["-m", "celery", "-A", "shop.celery_tasks", "worker", "--concurrency=1", "--loglevel=WARNING"],
    "from shop.celery_tasks import notify; notify.delay(*job)",
    "sum(1 for _ in __import__('redis').Redis.from_url(os.environ['REDIS_URL']).scan_iter('celery-task-meta-*'))",
)
RQ = Recipe(
    [
        "-c",
        "import os; from redis import Redis; from rq import Worker; "
        "Worker(['default'], connection=Redis.from_url(os.environ['REDIS_URL'])).work(with_scheduler=True)",
    ],
    "from shop.rq_queue import enqueue; enqueue(*job)",
    "__import__('shop.rq_queue').rq_queue.queue.finished_job_registry.count",
)
DJANGO = Recipe(
    ["-m", "django", "db_worker", "--interval=0.1"],
    "import django; django.setup(); from shop.tasks import notify; notify.enqueue(*job)",
    "(__import__('django').setup(), __import__('django_tasks_db.models').models.DBTaskResult.objects"
    ".filter(status__in=['SUCCESSFUL', 'FAILED']).count())[1]",
    "postgres",
    again=False,
)
RECIPES = {"celery": CELERY, "rq": RQ, "django": DJANGO}

SETTINGS = """
import os
from urllib.parse import urlsplit
url = urlsplit(os.environ["POSTGRES_URL"])
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres",
                         "HOST": url.hostname, "PORT": url.port}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["shop", "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
USE_TZ = True
SECRET_KEY = "of the test"
"""


class Shop:
    """An application whose jobs send to a server."""

    def __init__(self, folder: Path, recipe: Recipe, database: Server, server: RawServer) -> None:
        self.folder, self.recipe, self.server = folder, recipe, server
        (folder / "worker.log").touch()
        self.variables = environment(
            PYTHONPATH=os.pathsep.join([str(folder), str(ROOT / "generated")]),
            VENTIA_API_KEY="AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD",
            VENTIA_BASE_URL=server.url,
            REDIS_URL=database.url,
            POSTGRES_URL=database.url,
            DJANGO_SETTINGS_MODULE="shop.settings",
        )

    def python(self, code: str, *arguments: str) -> str:
        command = [sys.executable, "-c", f"import json, os, sys, time\n{code}", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stderr + (self.folder / "worker.log").read_text()
        return done.stdout

    def enqueue(self, *keys: str) -> None:
        fields = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "On its way."}
        jobs = [[once, CONTACT, {**fields, "localId": once}] for once in keys]
        self.python(f"for job in json.loads(sys.argv[1]):\n    {self.recipe.enqueue}", json.dumps(jobs))

    def wait_until_ended(self, jobs: int) -> None:
        """Wait in one process: each that starts takes the libraries of the queue a second."""
        waiting = f"while ({self.recipe.ended}) < {jobs}:\n    assert time.monotonic() < until\n    time.sleep(0.1)"
        self.python(f"until = time.monotonic() + 60\n{waiting}")

    @contextmanager
    def working(self) -> Iterator[None]:
        command = [sys.executable, *self.recipe.worker]
        with (self.folder / "worker.log").open("a") as log:
            worker = subprocess.Popen(
                command, cwd=self.folder, env=self.variables, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)


@contextmanager
def shop_of(name: str, folder: Path, handler: Callable[[Connection], None]) -> Iterator[Shop]:
    """A shop with a queue, whose database runs."""
    recipe = RECIPES[name]
    with serving(recipe.database) as database, serving_raw(handler) as server:
        applications.write(folder)
        (folder / "shop" / "settings.py").write_text(SETTINGS, encoding="utf-8")
        for module in ("tasks", "rq_queue"):
            path = folder / "shop" / f"{module}.py"
            text = path.read_text(encoding="utf-8").replace("interval=5", "interval=1")
            if sys.version_info < (3, 12):
                text = text.replace("from django.tasks", "from django_tasks")  # as the page says
            path.write_text(text, encoding="utf-8")
        shop = Shop(folder, recipe, database, server)
        if name == "django":
            shop.python(
                "import django; django.setup(); from django.core.management import call_command\n"
                "call_command('migrate', run_syncdb=True, verbosity=0)"
            )
        yield shop


@pytest.mark.parametrize("name", some(["django", "celery", "rq"]))
def test_a_job_that_comes_twice_sends_once(name: str, tmp_path: Path) -> None:
    def handler(connection: Connection) -> None:
        while connection.take():
            connection.send(answer())

    with shop_of(name, tmp_path, handler) as shop, shop.working():
        shop.enqueue("order-1/shipped", "order-1/shipped", "order-2/shipped")
        shop.wait_until_ended(3)
    assert {"order-1/shipped": 1, "order-2/shipped": 1} == dict(shop.server.taken)


@pytest.mark.parametrize("name", some(["celery", "django"], ["rq"]))
def test_the_job_of_a_killed_process_comes_again_and_sends_nothing(name: str, tmp_path: Path) -> None:
    def handler(connection: Connection) -> None:
        if connection.take():
            connection.server.reached.set()
            connection.hang()

    with shop_of(name, tmp_path, handler) as shop:
        ledger = ledger_of(name, shop)
        with shop.working():
            shop.enqueue("order-1/shipped")
            assert shop.server.reached.wait(60)
            [record] = ledger()
            os.kill(int(record.by.rpartition(":")[2]), signal.SIGKILL)
            if shop.recipe.again:
                shop.wait_until_ended(1)
        if not shop.recipe.again:
            with shop.working():
                shop.enqueue("order-1/shipped")
                shop.wait_until_ended(1)
        assert [record] == ledger()
    assert {"order-1/shipped": 1} == dict(shop.server.taken)


def ledger_of(name: str, shop: Shop) -> Callable[[], list[Sent]]:
    """Reads the records of a shop."""
    if name == "django":
        read: Any = (
            "import django; django.setup(); from shop.tasks import ledger\n"
            "print(json.dumps([record.to_json() for record in ledger.records()]))"
        )
        return lambda: [Sent.from_json(text) for text in json.loads(shop.python(read))]
    return Ledger.redis(shop.variables["REDIS_URL"]).records
