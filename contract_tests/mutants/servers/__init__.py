"""Faulty servers: each is the stand-in, which keeps the contract, but for exactly one defect."""

from __future__ import annotations

import importlib
import pkgutil

from contract_tests.mutants.registry import Mutant, registered


def server_mutants() -> list[Mutant]:
    """Every faulty server."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return registered()
