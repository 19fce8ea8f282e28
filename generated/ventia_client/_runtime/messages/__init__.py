"""Messages, held to the rules of the document before they are sent."""
