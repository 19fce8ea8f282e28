"""The way to the server under test: requests, responses, and the guard that keeps a run from harm."""
