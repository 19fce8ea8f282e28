"""The private modules of the package: they may change with every version."""
