"""Compares two documents, object by object: paths, operations, parameters, responses and the like."""
