"""Holds recorded traffic to the document, without sending anything."""
