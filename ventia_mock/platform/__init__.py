"""Decides and answers the requests to the platform."""
