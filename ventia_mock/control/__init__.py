"""The stand-in's own routes, for tests and the inbox page."""
