"""Faulty servers and faulty clients, each with exactly one defect that the suite must find."""

import os

if not hasattr(os, "fork"):
    raise SystemExit("The mutants need a system that can fork: Linux, macOS, or WSL on Windows.")
