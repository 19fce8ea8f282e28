"""Messages about slips in a document, which say what was meant."""
