from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model as _Model

T = TypeVar("T", bound="MessageSent")


@_attrs_define(repr=False)
class MessageSent(_Model):
    """The message was handed to the provider. Where a `localId` comes back is not documented.

    Attributes:
        success: Always true. Default: True.
        interaction_id: The interaction that the message became on the platform. The form of its identifier is
            inferred. Must be a valid ObjectId, such as `66f3a9b11c4d8e0023b7c9a1`.
    """

    interaction_id: str
    success: Literal[True] = True
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        success = self.success

        interaction_id = self.interaction_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "success": success,
                "interactionId": interaction_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        success = cast(Literal[True], d.pop("success"))
        if success != True:
            raise ValueError(f"success must match const True, got '{success}'")

        interaction_id = d.pop("interactionId")

        message_sent = cls(
            success=success,
            interaction_id=interaction_id,
        )

        message_sent.additional_properties = d
        return message_sent

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
