"""Lies about what a message is made of: text, media, template and what goes with them."""

from __future__ import annotations

import unicodedata

from contract_tests.mutants.registry import Answer, Asked, misanswers, misreads
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

# What is missing, or one thing too many.


@misreads
def takes_caption_for_content(asked: Asked) -> Asked:
    """Accepts a message that has nothing to send but a caption."""
    return _with_text_for(asked, "caption")


@misreads
def takes_media_type_for_content(asked: Asked) -> Asked:
    """Accepts a message that has nothing to send but a mediaType."""
    is_alone = has(asked, "mediaType") and not has_content(asked)
    return changed(without(asked, "mediaType"), text="") if is_alone else asked


def _with_text_for(asked: Asked, field: str) -> Asked:
    return changed(asked, text="") if has(asked, field) and not has_content(asked) else asked


@misreads
def accepts_a_media_type_without_url(asked: Asked) -> Asked:
    """Accepts a mediaType without a mediaUrl where there is something else to send."""
    return without(asked, "mediaType") if has(asked, "mediaType") and not has(asked, "mediaUrl") else asked


@misreads
def accepts_a_template_with_media(asked: Asked) -> Asked:
    """Accepts a template with both a mediaType and a mediaUrl."""
    return without(asked, *MEDIA) if has(asked, "template", *MEDIA) else asked


@misreads
def accepts_a_template_with_a_media_url_alone(asked: Asked) -> Asked:
    """Accepts a template with a mediaUrl, where there is no mediaType."""
    is_alone = has(asked, "template", "mediaUrl") and not has(asked, "mediaType")
    return without(asked, "mediaUrl") if is_alone else asked


@misreads
def accepts_a_template_through_a_session(asked: Asked) -> Asked:
    """Accepts a template with the medium unofficial_wpp, and takes that for whatsapp_business."""
    is_session = has(asked, "template") and word(asked, "medium") == SESSION
    return changed(asked, medium=BUSINESS) if is_session else asked


# What is refused, though it is valid.


@misreads
def refuses_caption_with_text(asked: Asked) -> Asked:
    """Refuses a caption beside a text."""
    return spoilt(asked, "caption") if has(asked, "caption", "text") else asked


@misreads
def refuses_template_with_text(asked: Asked) -> Asked:
    """Refuses a template beside a text."""
    return spoilt(asked, "template") if has(asked, "template", "text") else asked


@misreads
def refuses_replies(asked: Asked) -> Asked:
    """Refuses a message that answers an earlier one."""
    return spoilt(asked, "replyMessage") if has(asked, "replyMessage") else asked


@misreads
def refuses_a_mimetype_with_parameters(asked: Asked) -> Asked:
    """Refuses a mimetype that says more than the type."""
    return spoilt(asked, "mimetype") if ";" in word(asked, "mimetype") else asked


@misreads
def refuses_a_text_of_more_than_65535_characters(asked: Asked) -> Asked:
    """Refuses a text of 65,536 characters and more."""
    return spoilt(asked, "text") if len(word(asked, "text")) > 65535 else asked


@misreads
def refuses_a_text_with_a_right_to_left_character(asked: Asked) -> Asked:
    """Refuses a text in Hebrew or Arabic letters."""
    is_leftward = any(unicodedata.bidirectional(each) in ("R", "AL") for each in word(asked, "text"))
    return spoilt(asked, "text") if is_leftward else asked


# What it fails on.


@misanswers
def fails_on_a_text_with_an_emoji(asked: Asked, answer: Answer) -> Answer:
    """Answers a text with a character of four bytes with 500."""
    return failed() if answer.accepts and any(each > "\uffff" for each in word(asked, "text")) else answer


@misanswers
def fails_on_a_text_of_4097_characters_and_more(asked: Asked, answer: Answer) -> Answer:
    """Answers a text of 4,097 characters and more with 500."""
    return failed() if answer.accepts and len(word(asked, "text")) > 4096 else answer


@misanswers
def fails_on_a_text_with_a_nul(asked: Asked, answer: Answer) -> Answer:
    """Answers a text with a NUL with 500, as a database does."""
    return failed() if answer.accepts and "\0" in word(asked, "text") else answer


@misanswers
def fails_on_a_text_that_is_empty(asked: Asked, answer: Answer) -> Answer:
    """Answers a text of no characters with 500."""
    return failed() if answer.accepts and asked.fields.get("text") == "" else answer


@misanswers
def fails_on_a_lone_caption(asked: Asked, answer: Answer) -> Answer:
    """Answers a caption with 500 where there is nothing to send."""
    return failed() if answer.status == 400 and has(asked, "caption") and not has_content(asked) else answer


@misanswers
def leaves_the_interaction_id_out_of_media_with_a_file_name_and_a_caption(asked: Asked, answer: Answer) -> Answer:
    """Leaves `interactionId` out of 200 where there are both a fileName and a caption."""
    is_both = answer.status == 200 and has(asked, "fileName", "caption")
    return silent(answer, "interactionId") if is_both else answer
