"""Faulty handling of content: text, media, template, and the fields that go with them."""

from __future__ import annotations

import unicodedata

from contract_tests.mutants.registry import misanswers, misreads
from contract_tests.mutants.servers.vocabulary import (
    BUSINESS,
    MEDIA,
    SESSION,
    changed,
    failed,
    has,
    has_content,
    silent,
    spoilt,
    without,
    word,
)
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response

# What is missing, or one thing too many.


@misreads
def takes_caption_for_content(request: Request) -> Request:
    """Accepts a message that has nothing to send but a caption."""
    return _with_text_for(request, "caption")


@misreads
def takes_media_type_for_content(request: Request) -> Request:
    """Accepts a message that has nothing to send but a mediaType."""
    is_alone = has(request, "mediaType") and not has_content(request)
    return changed(without(request, "mediaType"), text="") if is_alone else request


def _with_text_for(request: Request, field: str) -> Request:
    return changed(request, text="") if has(request, field) and not has_content(request) else request


@misreads
def accepts_a_media_type_without_url(request: Request) -> Request:
    """Accepts a mediaType without a mediaUrl where there is something else to send."""
    return without(request, "mediaType") if has(request, "mediaType") and not has(request, "mediaUrl") else request


@misreads
def accepts_a_template_with_media(request: Request) -> Request:
    """Accepts a template with both a mediaType and a mediaUrl."""
    return without(request, *MEDIA) if has(request, "template", *MEDIA) else request


@misreads
def accepts_a_template_with_a_media_url_alone(request: Request) -> Request:
    """Accepts a template with a mediaUrl, where there is no mediaType."""
    is_alone = has(request, "template", "mediaUrl") and not has(request, "mediaType")
    return without(request, "mediaUrl") if is_alone else request


@misreads
def accepts_a_template_through_a_session(request: Request) -> Request:
    """Accepts a template with the medium unofficial_wpp, and takes that for whatsapp_business."""
    is_session = has(request, "template") and word(request, "medium") == SESSION
    return changed(request, medium=BUSINESS) if is_session else request


# What is refused, though it is valid.


@misreads
def refuses_caption_with_text(request: Request) -> Request:
    """Refuses a caption beside a text."""
    return spoilt(request, "caption") if has(request, "caption", "text") else request


@misreads
def refuses_template_with_text(request: Request) -> Request:
    """Refuses a template beside a text."""
    return spoilt(request, "template") if has(request, "template", "text") else request


@misreads
def refuses_replies(request: Request) -> Request:
    """Refuses a message that answers an earlier one."""
    return spoilt(request, "replyMessage") if has(request, "replyMessage") else request


@misreads
def refuses_a_mimetype_with_parameters(request: Request) -> Request:
    """Refuses a mimetype that says more than the type."""
    return spoilt(request, "mimetype") if ";" in word(request, "mimetype") else request


@misreads
def refuses_a_text_of_more_than_65535_characters(request: Request) -> Request:
    """Refuses a text of 65,536 characters and more."""
    return spoilt(request, "text") if len(word(request, "text")) > 65535 else request


@misreads
def refuses_a_text_with_a_right_to_left_character(request: Request) -> Request:
    """Refuses a text in Hebrew or Arabic letters."""
    is_leftward = any(unicodedata.bidirectional(each) in ("R", "AL") for each in word(request, "text"))
    return spoilt(request, "text") if is_leftward else request


# What is delivered otherwise.


@misreads
def delivers_the_first_4096_characters_of_a_text(request: Request) -> Request:
    """Cuts a text after 4,096 characters."""
    return changed(request, text=word(request, "text")[:4096]) if len(word(request, "text")) > 4096 else request


@misreads
def delivers_no_caption(request: Request) -> Request:
    """Drops a caption from media."""
    return without(request, "caption") if has(request, "caption", *MEDIA) else request


@misreads
def delivers_no_reply(request: Request) -> Request:
    """Sends a reply as a message of its own."""
    is_reply = isinstance(request.fields.get("replyMessage"), str) and has_content(request)
    return without(request, "replyMessage") if is_reply else request


@misreads
def delivers_an_image_as_a_document(request: Request) -> Request:
    """Sends images as documents."""
    is_image = word(request, "mediaType") == "image" and has(request, "mediaUrl")
    return changed(request, mediaType="document") if is_image else request


@misreads
def delivers_text_without_the_blanks_around_it(request: Request) -> Request:
    """Trims a text."""
    text = word(request, "text")
    return changed(request, text=text.strip()) if text.strip() not in ("", text) else request


# What it fails on.


@misanswers
def fails_on_a_text_with_an_emoji(request: Request, response: Response) -> Response:
    """Answers a text with a character of four bytes with 500."""
    return failed() if response.accepts and any(each > "\uffff" for each in word(request, "text")) else response


@misanswers
def fails_on_a_text_of_4097_characters_and_more(request: Request, response: Response) -> Response:
    """Answers a text of 4,097 characters and more with 500."""
    return failed() if response.accepts and len(word(request, "text")) > 4096 else response


@misanswers
def fails_on_a_text_with_a_nul(request: Request, response: Response) -> Response:
    """Answers a text with a NUL with 500, as a database does."""
    return failed() if response.accepts and "\0" in word(request, "text") else response


@misanswers
def fails_on_a_text_that_is_empty(request: Request, response: Response) -> Response:
    """Answers a text of no characters with 500."""
    return failed() if response.accepts and request.fields.get("text") == "" else response


@misanswers
def fails_on_a_lone_caption(request: Request, response: Response) -> Response:
    """Answers a caption with 500 where there is nothing to send."""
    return failed() if response.status == 400 and has(request, "caption") and not has_content(request) else response


@misanswers
def leaves_the_interaction_id_out_of_media_with_a_file_name_and_a_caption(
    request: Request, response: Response
) -> Response:
    """Leaves `interactionId` out of 200 where there are both a fileName and a caption."""
    is_both = response.status == 200 and has(request, "fileName", "caption")
    return silent(response, "interactionId") if is_both else response
