"""The stores that docs/job-queues.md shows, as the modules of applications."""

from __future__ import annotations

import functools
import sys
import threading
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

from tests.acceptance.docs.pages import modules


def write(folder: Path) -> None:
    """Write the modules into a folder."""
    for path, code in modules().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).parent.joinpath("__init__.py").touch()
        (folder / path).write_text(code, encoding="utf-8")


def imported(folder: Path, name: str) -> Any:
    """A module of the application in a folder, of which a process has only one."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    invalidate_caches()
    return import_module(name)


def sqlalchemy_store(folder: Path, url: str, *, makes_tables: bool = True) -> Any:
    """The page's store with SQLAlchemy."""
    import sqlalchemy

    shop = imported(folder, "shop.sqlalchemy_store")
    engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sqlalchemy.NullPool)
    if makes_tables:
        shop.Base.metadata.create_all(engine)
    return shop.SqlAlchemyStore(engine)


def django_store(folder: Path, url: str) -> Any:
    """The page's store with Django, its tables made; a process has one."""
    settings = import_module("django.conf").settings  # Django has no types
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    if not settings.configured:
        host, _, port = url.partition("@")[2].partition("/")[0].partition(":")
        database = {"ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres"}
        settings.configure(DATABASES={"default": {**database, "HOST": host, "PORT": port}}, INSTALLED_APPS=["shop"])
        import_module("django").setup()
    connection = import_module("django.db").connection
    connection.close()  # an earlier test may have killed the server
    send = imported(folder, "shop.models").Send
    if "shop_send" not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(send)
    return Closing(imported(folder, "shop.django_store").DjangoStore())


class Closing:
    """A store of Django whose connections do not outlive their threads, as those of a request do not."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._store, name)
        return functools.partial(self._closing, step) if callable(step) else step

    def _closing(self, step: Any, *arguments: Any) -> Any:
        try:
            return step(*arguments)
        finally:
            if threading.current_thread() is not threading.main_thread():
                import_module("django.db").connection.close()


STORES = {"sqlalchemy": sqlalchemy_store, "django": django_store}
