"""The contract suite: property tests of a server, the stand-in or another, and of the client, by the document."""
