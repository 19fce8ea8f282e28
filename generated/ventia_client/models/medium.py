from typing import Literal

Medium = Literal["unofficial_wpp", "whatsapp_business"]

MEDIUM_VALUES: set[Medium] = {
    "unofficial_wpp",
    "whatsapp_business",
}


def check_medium(value: str) -> Medium:
    if value in MEDIUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MEDIUM_VALUES!r}")
