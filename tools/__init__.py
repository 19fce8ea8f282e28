"""The project's commands, run as `python -m tools.NAME`: they read openapi/ and overlays/, and write generated/."""
