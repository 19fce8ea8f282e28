"""From the httpx client underneath a Client to the bytes of a connection."""
