"""Walks two documents side by side: their parts in pairs, what each part is used for, and the changes found."""
