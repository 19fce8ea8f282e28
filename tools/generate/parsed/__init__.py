"""The document as the generator has parsed it: joined with the operations, its names, its descriptions."""
