"""What the package works with, and nobody else imports: its modules may change with every version."""
