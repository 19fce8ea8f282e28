"""The ledger of messages that are sent once: its records, where it keeps them, and how a call goes through it."""
