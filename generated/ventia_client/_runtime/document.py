"""What the document says of the service as a whole."""

VERSION = "0.2.0"
"""The version of the document, and so of this package."""

SERVER_URL = "https://api.getventia.com/api/v1.0"
"""Where the service is, without a slash at the end."""

API_KEY = ("query", "api-key", "")
"""The place of the API key in requests: `query` or `header`, the name there, and the text before the key."""

RATE_LIMIT_REQUESTS = 200
"""How many requests an account may make in RATE_LIMIT_SECONDS."""

RATE_LIMIT_SECONDS = 60
"""The time, in seconds, in which RATE_LIMIT_REQUESTS are counted."""
