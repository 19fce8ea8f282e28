"""A client library for accessing Ventia"""

from ._document import VERSION as __version__
from .client import Client
from .limits import RateLimit

__all__ = ("Client", "RateLimit", "__version__")
