"""Contains all the data models used in inputs/outputs"""

from .channel_message import ChannelMessage
from .detailed_problem import DetailedProblem
from .media_type import MediaType
from .medium import Medium
from .message_queued import MessageQueued
from .message_sent import MessageSent
from .problem import Problem
from .user_integration_message import UserIntegrationMessage
from .user_message import UserMessage

__all__ = (
    "ChannelMessage",
    "DetailedProblem",
    "MediaType",
    "Medium",
    "MessageQueued",
    "MessageSent",
    "Problem",
    "UserIntegrationMessage",
    "UserMessage",
)
