"""The account's rate limit: slots within a window of time, in this process or on a Redis."""
