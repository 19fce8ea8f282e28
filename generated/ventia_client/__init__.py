"""A client library for accessing Ventia"""

from ._document import VERSION as __version__
from .client import Client

__all__ = ("Client", "__version__")
