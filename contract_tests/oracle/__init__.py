"""What the document says of a request and of its response. It decides what the suite reports as a violation.

It imports nothing of `ventia_mock` and nothing of `ventia_client`: an error that the judge shared with the judged would
go unnoticed.
"""
