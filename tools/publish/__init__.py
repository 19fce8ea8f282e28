"""What leaves this repository: the vendored copy of the client, the reference page, the release."""
