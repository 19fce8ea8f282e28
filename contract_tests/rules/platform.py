"""Rules that no schema can express: the platform's channels, users, integrations and templates decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.rules.drawing import Drawing, Probe, Row, messages_of_each_sender
from contract_tests.target.knowledge import INVALID, Sender
from contract_tests.target.messages import Message, description

_MESSAGE = "/components/schemas/Message"
_DESCRIPTION = "/paths/~1contact~1{idcontact}~1message/post/description"


def rows(drawing: Drawing) -> Iterator[Row]:
    """A row for each sender that sends, and one for each rule of the platform."""
    yield from _sending_rows(drawing)
    yield _refused_row(
        drawing,
        "the session is online",
        "A text through a personal session that is not online is refused as SessionNotOnline",
        "users.offline",
    )
    yield _refused_row(
        drawing,
        "the integration is active",
        "A message through a user without an active integration is refused as NoActiveIntegration",
        "users.without_integration",
    )
    yield _refused_row(
        drawing,
        "the channel is the company's",
        "A channel must belong to the company of the API key (that it is refused as an invalid body is assumed)",
        "channels.other_company",
    )
    yield _template_row(drawing)
    yield _reply_row(drawing)
    yield _twice_row(drawing)


_SENDERS = {
    "channels.whatsapp_business": "A channel of type whatsapp_business sends",
    "channels.unofficial_wpp": "A channel of type unofficial_wpp sends",
    "channels.fb": "A channel of type fb sends",
    "channels.ig": "A channel of type ig sends",
    "channels.queued": "A message that is queued is answered as MessageQueued",
    "users.online": "A user's personal session sends, by userId and medium",
    "users.with_integration": "A user's WhatsApp Business integration sends, by userId and medium",
    "user_integrations.active": "A WhatsApp Business integration sends, by its own identifier",
}


def _sending_rows(drawing: Drawing) -> Iterator[Row]:
    for name, sentence in _SENDERS.items():
        row = Row(name, sentence, (f"{_MESSAGE}/properties",))
        sender = drawing.knowledge.sender(name)
        if sender is None:
            row.why_not = _unnamed(name)
        else:
            row.kept = [_probe(drawing, message) for message in _messages(drawing, sender)]
        yield row


def _messages(drawing: Drawing, sender: Sender) -> Iterator[Message]:
    """A sender's messages with each content, and with two contents where that is accepted."""
    alone = drawing.messages.contents
    together = [{**first, **second} for first in alone for second in alone if not first.keys() & second.keys()]
    for content in alone if drawing.thin else [*alone, *together]:
        if message := drawing.messages.of(sender, content):
            yield message


def _probe(drawing: Drawing, message: Message) -> Probe:
    return Probe(message.name, drawing.messages.request(message.body), message.expected)


def _refused_row(drawing: Drawing, rule: str, sentence: str, name: str) -> Row:
    row, sender = Row(rule, sentence, (_DESCRIPTION,), by_platform=True), drawing.knowledge.sender(name)
    if sender is None:
        row.why_not = _unnamed(name)
    else:
        row.broken = [_probe(drawing, message) for message in _messages(drawing, sender)]
        row.broken += [] if drawing.thin else list(_in_capitals(drawing, sender))
    return row


def _in_capitals(drawing: Drawing, sender: Sender) -> Iterator[Probe]:
    """A sender's messages with its identifier in capitals, which identifies the same thing."""
    for message in _messages(drawing, sender):
        names = sender.fields.keys() - {drawing.knowledge.medium}
        body = {**message.body, **{name: str(sender.fields[name]).upper() for name in names}}
        if body != message.body and drawing.messages.schema.accepts(body):
            yield Probe(f"in capitals; {message.name}", drawing.messages.request(body), message.expected)


def _template_row(drawing: Drawing) -> Row:
    row = Row(
        "a template goes through WhatsApp Business",
        "A template needs a WhatsApp Business channel or integration (that others get an invalid body is assumed)",
        (_DESCRIPTION,),
        by_platform=True,
    )
    if drawing.knowledge.named("template") is None:
        row.why_not = _unnamed("templates.approved")
        return row
    template, refused = drawing.knowledge.fields["template"], drawing.knowledge.statuses([INVALID])
    for sender in drawing.knowledge.senders:
        for message in _messages(drawing, sender):
            if template in message.body and sender.name != "channels.other_company":
                if message.expected == refused:
                    row.broken.append(_probe(drawing, message))
                elif not message.expected & refused:
                    row.kept.append(_probe(drawing, message))
    row.why_not = "" if row.broken else _unnamed("channel of another type")
    return row


def _reply_row(drawing: Drawing) -> Row:
    row = Row("a reply", "A message may answer an earlier one", (f"{_MESSAGE}/properties/replyMessage",))
    name = drawing.knowledge.fields["message"]
    if drawing.knowledge.named("message") is None:
        row.why_not = _unnamed("messages.earlier")
        return row
    replies = [{**message.body, name: drawing.messages.value(name)} for message in drawing.messages.sendable]
    row.kept = [drawing.kept(description(reply), reply) for reply in replies[: 1 if drawing.thin else None]]
    return row


def _twice_row(drawing: Drawing) -> Row:
    """The row of duplicates: a message that is sent twice, with and without a `localId`, is two messages."""
    row = Row("no duplicate is removed", "The same message sent twice is two messages (inferred)", (_DESCRIPTION,))
    for message in messages_of_each_sender(drawing):
        for body in [message.body, *([] if drawing.thin else [{**message.body, "localId": "draft-7"}])]:
            row.kept += [
                replace(drawing.kept(f"{time}; {message.name}", body), again=True) for time in ("first", "again")
            ]
    row.why_not = "" if row.kept else "the target file names no sender that sends"
    return row


def _unnamed(name: str) -> str:
    return f"the target file names no {name}"
