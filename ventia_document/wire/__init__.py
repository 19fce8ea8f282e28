"""What stands on the wire: media types, forms, and the shapes of values."""
