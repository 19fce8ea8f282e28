"""Sockets, HTTP/1.1, and the requests and responses that come and go over them."""
