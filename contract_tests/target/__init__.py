"""What is known of the server under test: its address, its things, the messages that it can be sent."""
