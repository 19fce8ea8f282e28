from collections.abc import Mapping
from typing import Any, cast

from ... import errors
from ..._runtime.answers import Answers, Documented, read, success
from ..._runtime.messages.bodies import body_of
from ..._runtime.messages.parameters import Parameter
from ..._runtime.messages.requests import Body, Operation, request
from ..._runtime.sending import Sending
from ...client import Client, send, send_async
from ...models.channel_message import ChannelMessage
from ...models.detailed_problem import DetailedProblem
from ...models.message_queued import MessageQueued
from ...models.message_sent import MessageSent
from ...models.problem import Problem
from ...models.user_integration_message import UserIntegrationMessage
from ...models.user_message import UserMessage
from ...types import Response

_ANSWERS = Answers(
    {
        "200": Documented("application/json", schema="/components/schemas/MessageSent"),
        "202": Documented("application/json", schema="/components/schemas/MessageQueued"),
        "400": Documented(
            "application/json", schema="/components/schemas/DetailedProblem", refused=errors.InvalidRequestBody
        ),
        "401": Documented("application/json", schema="/components/schemas/Problem", refused=errors.InvalidApiKey),
        "409": Documented("application/json", schema="/components/schemas/Problem", refused=errors.SessionNotOnline),
        "422": Documented("application/json", schema="/components/schemas/Problem", refused=errors.NoActiveIntegration),
        "429": Documented("application/json", schema="/components/schemas/Problem", refused=errors.RateLimitExceeded),
        "500": Documented(
            "application/json", schema="/components/schemas/DetailedProblem", failed=errors.InternalServerError
        ),
    },
    is_safe=False,
)


_OPERATION = Operation(
    "post",
    "/contact/{idcontact}/message",
    (
        Parameter(
            "idcontact",
            "path",
            "/components/parameters/ContactId/schema",
            style="simple",
            explode=False,
            required=True,
            example="66f1a2b33c4d5e0067f8a9b0",
        ),
    ),
    Body(
        "application/json",
        "/components/schemas/Message",
        types=(
            ChannelMessage,
            UserMessage,
            UserIntegrationMessage,
        ),
        required=True,
    ),
)


def _get_kwargs(
    idcontact: str,
    *,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
) -> dict[str, Any]:
    return request(_OPERATION, (idcontact,), body)


def _parse(response: Response[Any]) -> DetailedProblem | MessageQueued | MessageSent | Problem | None:
    if response.status_code == 200:
        response_200 = MessageSent.from_dict(response.json())

        return response_200

    if response.status_code == 202:
        response_202 = MessageQueued.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = DetailedProblem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = DetailedProblem.from_dict(response.json())

        return response_500

    return None


def _read(response: Response[Any]) -> Response[DetailedProblem | MessageQueued | MessageSent | Problem]:
    return read(response, _ANSWERS, _parse)


def _read_success(response: Response[Any]) -> MessageQueued | MessageSent:
    return cast("MessageQueued | MessageSent", success(_read(response), _ANSWERS))


def body_from_dict(value: Mapping[str, Any]) -> ChannelMessage | UserMessage | UserIntegrationMessage:
    """A JSON object as a body of this operation; `to_dict` of the body gives it back.

    Args:
        value: The JSON object, by the names of the document.

    Returns:
        A body of the class that fits the object.

    Raises:
        errors.InvalidMessage: It breaks rules of the document.
        TypeError: It is no mapping.
    """
    return cast(
        "ChannelMessage | UserMessage | UserIntegrationMessage",
        body_of(value, ChannelMessage, UserMessage, UserIntegrationMessage),
    )


def sync_detailed(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
    timeout: float | None = None,
    headers: Mapping[str, str] | None = None,
    once: str | None = None,
) -> Response[DetailedProblem | MessageQueued | MessageSent | Problem]:
    """Send a message to a contact.

    Delivers a text, a media file or an approved WhatsApp Business template to one contact, through one sender: a
    shared channel, a user's personal WhatsApp session, or a personal WhatsApp Business integration.

    The platform removes no duplicates: every accepted request reaches the contact, the same one sent twice
    included.

    Three rules need the platform's own data, so no schema can hold them. A channel must belong to the company of
    the API key. A template needs a channel of type `whatsapp_business`, or a user's WhatsApp Business integration.
    A personal session must be online, and a personal integration active, when the message is sent.

    That no duplicate is removed is inferred, and so are the status numbers of the answers. What an unknown contact
    is answered with is not documented.

    Args:
        idcontact (str): The contact who receives the message, by its identifier on the platform. Must be a valid
            ObjectId, such as `66f1a2b33c4d5e0067f8a9b0`.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
            `body_from_dict` makes one of a dict.
        client: Where to send it.
        timeout: Seconds for each step of an attempt, instead of the client's.
        headers: Sent with the request as well.
        once: A key of yours for this one message, which the client's `ledger` keeps: no two calls with it send the
            message. If it was sent before, the call returns what was answered then.

    Returns:
        The answer with its `status_code`, and its body in `parsed`, for each of the document's responses:
        200: The message was sent.
        202: The message was accepted and waits to be sent.
        400: The request breaks a rule; `details` says which. What a template on a channel of another type, or a
            channel of another company, is answered with is not documented; that it is this response is assumed.
        401: The API key is missing, malformed or not known. That this is the answer whatever else is wrong with the
            request is inferred.
        409: The user's personal WhatsApp session is offline, so nothing was sent. The status number of this
            response is inferred.
        422: The user has no active personal WhatsApp Business integration, so nothing was sent. The status number
            of this response is inferred.
        429: The account's requests exceed `x-rate-limit`. All keys of an account share it. The body is inferred
            from the other refusals; no header is documented.
        500: The platform failed. Whether the message was sent before is not documented.

    Raises:
        errors.UnexpectedStatus: The document does not list the status of the answer.
        errors.NotSent: It was not sent, for one of these reasons or another: `outcome` is "not_sent".
        errors.DeliveryUnknown: It may have been sent: `outcome` is "unknown".
        TypeError: An argument is of another type.
    """

    return send(
        client,
        _get_kwargs(
            idcontact=idcontact,
            body=body,
        ),
        _read,
        timeout,
        headers,
        Sending(once, "createMessage", "idcontact", idcontact),
    )


def sync(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
    timeout: float | None = None,
    headers: Mapping[str, str] | None = None,
    once: str | None = None,
) -> MessageQueued | MessageSent:
    """Send a message to a contact.

    Delivers a text, a media file or an approved WhatsApp Business template to one contact, through one sender: a
    shared channel, a user's personal WhatsApp session, or a personal WhatsApp Business integration.

    The platform removes no duplicates: every accepted request reaches the contact, the same one sent twice
    included.

    Three rules need the platform's own data, so no schema can hold them. A channel must belong to the company of
    the API key. A template needs a channel of type `whatsapp_business`, or a user's WhatsApp Business integration.
    A personal session must be online, and a personal integration active, when the message is sent.

    That no duplicate is removed is inferred, and so are the status numbers of the answers. What an unknown contact
    is answered with is not documented.

    Args:
        idcontact (str): The contact who receives the message, by its identifier on the platform. Must be a valid
            ObjectId, such as `66f1a2b33c4d5e0067f8a9b0`.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
            `body_from_dict` makes one of a dict.
        client: Where to send it.
        timeout: Seconds for each step of an attempt, instead of the client's.
        headers: Sent with the request as well.
        once: A key of yours for this one message, which the client's `ledger` keeps: no two calls with it send the
            message. If it was sent before, the call returns what was answered then.

    Returns:
        200: The message was sent.
        202: The message was accepted and waits to be sent.

    Raises:
        errors.InvalidRequestBody: 400: The request breaks a rule; `details` says which. What a template on a
            channel of another type, or a channel of another company, is answered with is not documented; that it is
            this response is assumed.
        errors.InvalidApiKey: 401: The API key is missing, malformed or not known. That this is the answer whatever
            else is wrong with the request is inferred.
        errors.SessionNotOnline: 409: The user's personal WhatsApp session is offline, so nothing was sent. The
            status number of this response is inferred.
        errors.NoActiveIntegration: 422: The user has no active personal WhatsApp Business integration, so nothing
            was sent. The status number of this response is inferred.
        errors.RateLimitExceeded: 429: The account's requests exceed `x-rate-limit`. All keys of an account share
            it. The body is inferred from the other refusals; no header is documented.
        errors.InternalServerError: 500: The platform failed. Whether the message was sent before is not documented.
        errors.NotSent: It was not sent, for one of these reasons or another: `outcome` is "not_sent".
        errors.DeliveryUnknown: It may have been sent: `outcome` is "unknown".
        TypeError: An argument is of another type.

    Example:
        >>> from ventia_client import Client
        >>> from ventia_client.api.interactions import create_message
        >>> from ventia_client.models import ChannelMessage
        >>> message = ChannelMessage(
        ...     channel_id="656b0e1f8e5a2c001f3a9d12",
        ...     text="Hi! Just following up on your inquiry.",
        ... )
        >>> with Client() as client:  # the API key is in VENTIA_API_KEY
        ...     create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message)
        MessageSent(...)
    """

    return send(
        client,
        _get_kwargs(
            idcontact=idcontact,
            body=body,
        ),
        _read_success,
        timeout,
        headers,
        Sending(once, "createMessage", "idcontact", idcontact),
    )


async def asyncio_detailed(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
    timeout: float | None = None,
    headers: Mapping[str, str] | None = None,
    once: str | None = None,
) -> Response[DetailedProblem | MessageQueued | MessageSent | Problem]:
    """Send a message to a contact.

    To be awaited in an event loop of asyncio.

    Delivers a text, a media file or an approved WhatsApp Business template to one contact, through one sender: a
    shared channel, a user's personal WhatsApp session, or a personal WhatsApp Business integration.

    The platform removes no duplicates: every accepted request reaches the contact, the same one sent twice
    included.

    Three rules need the platform's own data, so no schema can hold them. A channel must belong to the company of
    the API key. A template needs a channel of type `whatsapp_business`, or a user's WhatsApp Business integration.
    A personal session must be online, and a personal integration active, when the message is sent.

    That no duplicate is removed is inferred, and so are the status numbers of the answers. What an unknown contact
    is answered with is not documented.

    Args:
        idcontact (str): The contact who receives the message, by its identifier on the platform. Must be a valid
            ObjectId, such as `66f1a2b33c4d5e0067f8a9b0`.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
            `body_from_dict` makes one of a dict.
        client: Where to send it.
        timeout: Seconds for each step of an attempt, instead of the client's.
        headers: Sent with the request as well.
        once: A key of yours for this one message, which the client's `ledger` keeps: no two calls with it send the
            message. If it was sent before, the call returns what was answered then.

    Returns:
        The answer with its `status_code`, and its body in `parsed`, for each of the document's responses:
        200: The message was sent.
        202: The message was accepted and waits to be sent.
        400: The request breaks a rule; `details` says which. What a template on a channel of another type, or a
            channel of another company, is answered with is not documented; that it is this response is assumed.
        401: The API key is missing, malformed or not known. That this is the answer whatever else is wrong with the
            request is inferred.
        409: The user's personal WhatsApp session is offline, so nothing was sent. The status number of this
            response is inferred.
        422: The user has no active personal WhatsApp Business integration, so nothing was sent. The status number
            of this response is inferred.
        429: The account's requests exceed `x-rate-limit`. All keys of an account share it. The body is inferred
            from the other refusals; no header is documented.
        500: The platform failed. Whether the message was sent before is not documented.

    Raises:
        errors.UnexpectedStatus: The document does not list the status of the answer.
        errors.NotSent: It was not sent, for one of these reasons or another: `outcome` is "not_sent".
        errors.DeliveryUnknown: It may have been sent: `outcome` is "unknown".
        TypeError: An argument is of another type.
    """

    return await send_async(
        client,
        _get_kwargs(
            idcontact=idcontact,
            body=body,
        ),
        _read,
        timeout,
        headers,
        Sending(once, "createMessage", "idcontact", idcontact),
    )


async def asyncio(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
    timeout: float | None = None,
    headers: Mapping[str, str] | None = None,
    once: str | None = None,
) -> MessageQueued | MessageSent:
    """Send a message to a contact.

    To be awaited in an event loop of asyncio.

    Delivers a text, a media file or an approved WhatsApp Business template to one contact, through one sender: a
    shared channel, a user's personal WhatsApp session, or a personal WhatsApp Business integration.

    The platform removes no duplicates: every accepted request reaches the contact, the same one sent twice
    included.

    Three rules need the platform's own data, so no schema can hold them. A channel must belong to the company of
    the API key. A template needs a channel of type `whatsapp_business`, or a user's WhatsApp Business integration.
    A personal session must be online, and a personal integration active, when the message is sent.

    That no duplicate is removed is inferred, and so are the status numbers of the answers. What an unknown contact
    is answered with is not documented.

    Args:
        idcontact (str): The contact who receives the message, by its identifier on the platform. Must be a valid
            ObjectId, such as `66f1a2b33c4d5e0067f8a9b0`.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
            `body_from_dict` makes one of a dict.
        client: Where to send it.
        timeout: Seconds for each step of an attempt, instead of the client's.
        headers: Sent with the request as well.
        once: A key of yours for this one message, which the client's `ledger` keeps: no two calls with it send the
            message. If it was sent before, the call returns what was answered then.

    Returns:
        200: The message was sent.
        202: The message was accepted and waits to be sent.

    Raises:
        errors.InvalidRequestBody: 400: The request breaks a rule; `details` says which. What a template on a
            channel of another type, or a channel of another company, is answered with is not documented; that it is
            this response is assumed.
        errors.InvalidApiKey: 401: The API key is missing, malformed or not known. That this is the answer whatever
            else is wrong with the request is inferred.
        errors.SessionNotOnline: 409: The user's personal WhatsApp session is offline, so nothing was sent. The
            status number of this response is inferred.
        errors.NoActiveIntegration: 422: The user has no active personal WhatsApp Business integration, so nothing
            was sent. The status number of this response is inferred.
        errors.RateLimitExceeded: 429: The account's requests exceed `x-rate-limit`. All keys of an account share
            it. The body is inferred from the other refusals; no header is documented.
        errors.InternalServerError: 500: The platform failed. Whether the message was sent before is not documented.
        errors.NotSent: It was not sent, for one of these reasons or another: `outcome` is "not_sent".
        errors.DeliveryUnknown: It may have been sent: `outcome` is "unknown".
        TypeError: An argument is of another type.

    Example:
        >>> import asyncio
        >>> from ventia_client import Client
        >>> from ventia_client.api.interactions import create_message
        >>> from ventia_client.models import ChannelMessage
        >>> message = ChannelMessage(
        ...     channel_id="656b0e1f8e5a2c001f3a9d12",
        ...     text="Hi! Just following up on your inquiry.",
        ... )
        >>> async def main():
        ...     async with Client() as client:  # the API key is in VENTIA_API_KEY
        ...         return await create_message.asyncio("66f1a2b33c4d5e0067f8a9b0", client=client, body=message)
        >>> asyncio.run(main())
        MessageSent(...)
    """

    return await send_async(
        client,
        _get_kwargs(
            idcontact=idcontact,
            body=body,
        ),
        _read_success,
        timeout,
        headers,
        Sending(once, "createMessage", "idcontact", idcontact),
    )
