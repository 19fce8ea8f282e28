"""What is refused of each kind of part of a document, beside the tables."""
