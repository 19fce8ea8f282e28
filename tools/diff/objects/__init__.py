"""Compares what is no schema: paths, methods, parameters, statuses, media types, security, servers and the like."""
