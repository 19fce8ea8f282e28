from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import Client
from ...models.channel_message import ChannelMessage
from ...models.detailed_problem import DetailedProblem
from ...models.message_queued import MessageQueued
from ...models.message_sent import MessageSent
from ...models.problem import Problem
from ...models.user_integration_message import UserIntegrationMessage
from ...models.user_message import UserMessage
from ...paths import segment
from ...types import Response


def _get_kwargs(
    idcontact: str,
    *,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/contact/{idcontact}/message".format(
            idcontact=segment("idcontact", idcontact),
        ),
    }

    if isinstance(body, ChannelMessage):
        _kwargs["json"] = body.to_dict()
    elif isinstance(body, UserMessage):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: Client, response: httpx.Response
) -> DetailedProblem | MessageQueued | MessageSent | Problem | None:
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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: Client, response: httpx.Response
) -> Response[DetailedProblem | MessageQueued | MessageSent | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
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
        idcontact (str): An ObjectId. That contacts have this form is inferred from samples. `string`, which is
            none, is the contact that the platform's own sample request names.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
        client: Where to send it.

    Returns:
        The response, its body in `parsed`, of the class that the document names for its status.

    Raises:
        errors.UnexpectedStatus: The document does not list the status, and the client's `raise_on_unexpected_status` is set.
        ValueError, KeyError, TypeError: A parameter cannot be part of a path; or the answer cannot be read, and what was asked for may have been done.
        httpx.HTTPError: No answer came; with httpx.ConnectError, httpx.ConnectTimeout and httpx.PoolTimeout nothing was sent.
    """

    kwargs = _get_kwargs(
        idcontact=idcontact,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
) -> DetailedProblem | MessageQueued | MessageSent | Problem | None:
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
        idcontact (str): An ObjectId. That contacts have this form is inferred from samples. `string`, which is
            none, is the contact that the platform's own sample request names.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
        client: Where to send it.

    Returns:
        The body of the response, of the class that the document names for its status.

    Raises:
        errors.UnexpectedStatus: The document does not list the status, and the client's `raise_on_unexpected_status` is set.
        ValueError, KeyError, TypeError: A parameter cannot be part of a path; or the answer cannot be read, and what was asked for may have been done.
        httpx.HTTPError: No answer came; with httpx.ConnectError, httpx.ConnectTimeout and httpx.PoolTimeout nothing was sent.
    """

    return sync_detailed(
        idcontact=idcontact,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
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
        idcontact (str): An ObjectId. That contacts have this form is inferred from samples. `string`, which is
            none, is the contact that the platform's own sample request names.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
        client: Where to send it.

    Returns:
        The response, its body in `parsed`, of the class that the document names for its status.

    Raises:
        errors.UnexpectedStatus: The document does not list the status, and the client's `raise_on_unexpected_status` is set.
        ValueError, KeyError, TypeError: A parameter cannot be part of a path; or the answer cannot be read, and what was asked for may have been done.
        httpx.HTTPError: No answer came; with httpx.ConnectError, httpx.ConnectTimeout and httpx.PoolTimeout nothing was sent.
    """

    kwargs = _get_kwargs(
        idcontact=idcontact,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    idcontact: str,
    *,
    client: Client,
    body: ChannelMessage | UserIntegrationMessage | UserMessage,
) -> DetailedProblem | MessageQueued | MessageSent | Problem | None:
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
        idcontact (str): An ObjectId. That contacts have this form is inferred from samples. `string`, which is
            none, is the contact that the platform's own sample request names.
        body (ChannelMessage | UserIntegrationMessage | UserMessage): What to send, and through which sender.
        client: Where to send it.

    Returns:
        The body of the response, of the class that the document names for its status.

    Raises:
        errors.UnexpectedStatus: The document does not list the status, and the client's `raise_on_unexpected_status` is set.
        ValueError, KeyError, TypeError: A parameter cannot be part of a path; or the answer cannot be read, and what was asked for may have been done.
        httpx.HTTPError: No answer came; with httpx.ConnectError, httpx.ConnectTimeout and httpx.PoolTimeout nothing was sent.
    """

    return (
        await asyncio_detailed(
            idcontact=idcontact,
            client=client,
            body=body,
        )
    ).parsed
