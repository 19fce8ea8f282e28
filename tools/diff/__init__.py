"""Compares two versions of the document, and checks that the version number covers the changes."""
