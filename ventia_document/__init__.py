"""Reads, writes and checks OpenAPI documents, for everything here that works from one.

Raises:
    DocumentError: a document that cannot be read or is not a valid one, with the place where it is wrong.
"""

from ventia_document.source import DocumentError, Json, Source, dump, pointer, read

__all__ = ["DocumentError", "Json", "Source", "dump", "pointer", "read"]
