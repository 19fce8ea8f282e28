"""The world that the platform knows: companies and what belongs to them, and the rules that need it."""
