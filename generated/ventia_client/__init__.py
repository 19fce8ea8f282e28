"""A client library for accessing Ventia"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from ._runtime.document import VERSION as __version__

if _TYPE_CHECKING:
    from . import errors as errors
    from .api.interactions import create_message as create_message
    from .client import Client as Client
    from .events import Attempt as Attempt
    from .ledger import Ledger as Ledger
    from .limits import RateLimit as RateLimit
    from .models import ChannelMessage as ChannelMessage
    from .models import DetailedProblem as DetailedProblem
    from .models import MediaType as MediaType
    from .models import Medium as Medium
    from .models import MessageQueued as MessageQueued
    from .models import MessageSent as MessageSent
    from .models import Problem as Problem
    from .models import UserIntegrationMessage as UserIntegrationMessage
    from .models import UserMessage as UserMessage
    from .types import UNSET as UNSET
    from .types import Response as Response

_MODULES = {
    "Attempt": ".events",
    "Client": ".client",
    "Ledger": ".ledger",
    "RateLimit": ".limits",
    "Response": ".types",
    "UNSET": ".types",
    "ChannelMessage": ".models",
    "DetailedProblem": ".models",
    "MediaType": ".models",
    "Medium": ".models",
    "MessageQueued": ".models",
    "MessageSent": ".models",
    "Problem": ".models",
    "UserIntegrationMessage": ".models",
    "UserMessage": ".models",
}
"""The modules that have the classes of the package's face; each is imported when it is first used."""

_PACKAGES = {
    "errors": ".errors",
    "create_message": ".api.interactions.create_message",
}

__all__ = [
    "__version__",
    "Attempt",
    "ChannelMessage",
    "Client",
    "create_message",
    "DetailedProblem",
    "errors",
    "Ledger",
    "MediaType",
    "Medium",
    "MessageQueued",
    "MessageSent",
    "Problem",
    "RateLimit",
    "Response",
    "UNSET",
    "UserIntegrationMessage",
    "UserMessage",
]


def __getattr__(name: str) -> _Any:
    if name in _PACKAGES:
        found = _import_module(_PACKAGES[name], __name__)
    elif name in _MODULES:
        found = getattr(_import_module(_MODULES[name], __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
