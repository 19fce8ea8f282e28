"""Judges two versions of the schemas of requests and answers by their validators, with a witness for each breach."""
