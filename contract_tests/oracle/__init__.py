"""Judges requests and responses by the document; what it finds is what the suite reports.

It imports nothing of `ventia_mock` and nothing of `ventia_client`: an error that the judge shared with the judged would
go unnoticed.
"""
