"""The client's side of the contract: calls through the generated client, and the server that records them."""
