"""Requests beside the table of rules: the document's examples, and what hypothesis and schemathesis draw."""
