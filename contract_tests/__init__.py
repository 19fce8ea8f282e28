"""Property tests that hold a server, the stand-in or another, to the document, and the client to its side of it."""
