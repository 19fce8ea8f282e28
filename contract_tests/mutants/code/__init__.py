"""Mutants that nobody chose: cosmic-ray changes one place of the code by which the stand-in decides."""
