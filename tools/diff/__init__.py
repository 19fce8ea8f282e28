"""What changed between two versions of the document, what that means for its users, and whether the version says so."""
