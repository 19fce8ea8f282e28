"""The report of a run: counters of what the tests did, made into a terminal summary, Markdown and a web page."""
