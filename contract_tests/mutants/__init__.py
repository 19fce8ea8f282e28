"""Faulty servers and faulty clients, each with exactly one defect that the suite must find."""
