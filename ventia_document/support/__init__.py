"""The parts of an OpenAPI document that this toolkit follows, and those that it refuses."""
