"""The table of rules: a module a kind of rule, each making rows of requests that keep it and that break it alone."""
