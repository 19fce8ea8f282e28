from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .._runtime.messages.bodies import Checked as _Checked
from ..models.media_type import MediaType, check_media_type
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserIntegrationMessage")


@_attrs_define(repr=False)
class UserIntegrationMessage(_Checked, at="/components/schemas/Message", required=["userIntegrationId"]):
    """A message through a personal WhatsApp Business integration. One that breaks a rule raises `errors.InvalidMessage`.

    Attributes:
        user_integration_id: The personal WhatsApp Business integration (Meta Cloud) to send through: the short
            form of a `userId` with the `medium` whatsapp_business. That integrations have identifiers of this form is
            inferred. Must be a valid ObjectId, such as `65a0d4e2c9f8b7001e6f5a43`.
        text: The message in plain text.
        media_type: What kind of media a message carries.
        media_url: Where the platform fetches the media file, without credentials. Must be a valid uri,
            such as `https://files.example.com/quotes/1042.pdf`.
        mimetype: The MIME type of the media file, if the URL does not show it.
        file_name: The original name of the file. That the contact receives a document under it is
            inferred.
        caption: A caption of the media; it stands in for the text of the message when there is none.
        template: The approved WhatsApp Business template to send. It works through a whatsapp_business
            channel and through a user's WhatsApp Business integration only.
        reply_message: The earlier message that this one answers, on channels that can quote.
        local_id: The caller's own temporary identifier, echoed back for optimistic interfaces. That it is
            no idempotency key is inferred.
    """

    user_integration_id: str
    text: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    media_type: MediaType | Unset = _attrs_field(default=UNSET, kw_only=True)
    media_url: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    mimetype: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    file_name: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    caption: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    template: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    reply_message: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    local_id: str | Unset = _attrs_field(default=UNSET, kw_only=True)
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        user_integration_id = self.user_integration_id

        text = self.text

        media_type: str | Unset = UNSET
        if not isinstance(self.media_type, Unset):
            media_type = self.media_type

        media_url = self.media_url

        mimetype = self.mimetype

        file_name = self.file_name

        caption = self.caption

        template = self.template

        reply_message = self.reply_message

        local_id = self.local_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "userIntegrationId": user_integration_id,
            }
        )
        if text is not UNSET:
            field_dict["text"] = text
        if media_type is not UNSET:
            field_dict["mediaType"] = media_type
        if media_url is not UNSET:
            field_dict["mediaUrl"] = media_url
        if mimetype is not UNSET:
            field_dict["mimetype"] = mimetype
        if file_name is not UNSET:
            field_dict["fileName"] = file_name
        if caption is not UNSET:
            field_dict["caption"] = caption
        if template is not UNSET:
            field_dict["template"] = template
        if reply_message is not UNSET:
            field_dict["replyMessage"] = reply_message
        if local_id is not UNSET:
            field_dict["localId"] = local_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(cls.checked(src_dict))
        user_integration_id = d.pop("userIntegrationId")

        text = d.pop("text", UNSET)

        _media_type = d.pop("mediaType", UNSET)
        media_type: MediaType | Unset
        if isinstance(_media_type, Unset):
            media_type = UNSET
        else:
            media_type = check_media_type(_media_type)

        media_url = d.pop("mediaUrl", UNSET)

        mimetype = d.pop("mimetype", UNSET)

        file_name = d.pop("fileName", UNSET)

        caption = d.pop("caption", UNSET)

        template = d.pop("template", UNSET)

        reply_message = d.pop("replyMessage", UNSET)

        local_id = d.pop("localId", UNSET)

        user_integration_message = cls._of_checked(
            user_integration_id=user_integration_id,
            text=text,
            media_type=media_type,
            media_url=media_url,
            mimetype=mimetype,
            file_name=file_name,
            caption=caption,
            template=template,
            reply_message=reply_message,
            local_id=local_id,
        )

        user_integration_message.additional_properties = d
        return user_integration_message

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
