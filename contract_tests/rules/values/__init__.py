"""Values that requests are made of: nearly right ones, and right ones that a careless server gets wrong."""
