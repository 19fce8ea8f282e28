"""The server under test: its address, the identifiers that it knows, and the messages that it can be sent."""
