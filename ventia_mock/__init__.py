"""A stand-in for the Ventia platform to develop and test against. It is no Ventia account, and it sends nothing."""
