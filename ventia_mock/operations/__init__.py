"""The operations of a document, ready to be served: what each accepts, and what it answers."""
