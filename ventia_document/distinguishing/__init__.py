"""Values that distinguish schemas: what to try where a schema has changed, or where a server must keep it."""
