"""Every request and what became of it, kept and searched, without API keys."""
