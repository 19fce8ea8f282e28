"""A report as text for the terminal, as Markdown, as a web page, and as JUnit XML."""
