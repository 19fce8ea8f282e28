"""Servers that somebody wrote from the endpoint's page alone: each chooses otherwise where the page is silent."""
