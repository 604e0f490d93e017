"""The settings `liveblog_settings` that a page has for its own script, in versions 1.5 to 1.12."""

import re
from dataclasses import dataclass

from scraper.markup.document import Document
from scraper.markup.once import once

SIGN = b"liveblog_settings"

BEGINS = re.compile(rb"liveblog_settings\s{0,9}=\s{0,9}\{")

# The plain values are within so many bytes from the beginning, before long lists of emoji.
PLAIN = 4_000

VALUE = re.compile(
    rb'"(state|entries_per_page|endpoint_url|post_id)"\s{0,9}:\s{0,9}"?((?:[^"\\,{}]|\\.){0,500})'
)

LIVE = {"enable": True, "archive": False}

NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class Settings:
    """A page's settings: `live` is None if the state is unknown, `per_page` 0 if it is missing."""

    live: bool | None
    per_page: int
    endpoint: str


@once
def settings_in(document: Document) -> Settings | None:
    """Return a page's settings; None if it has no settings of this plugin."""
    found = BEGINS.search(document.markup) if document.holds(SIGN) else None
    if found is None:
        return None
    plain = document.markup[found.end() : found.end() + PLAIN]
    said = dict[str, str]()
    for name, value in VALUE.findall(plain):
        text = value.decode("utf-8", "replace").replace("\\/", "/")
        said.setdefault(name.decode(), text)
    if "state" not in said or not {"endpoint_url", "post_id"} & said.keys():
        return None
    per_page = said.get("entries_per_page", "")
    return Settings(
        live=LIVE.get(said["state"]),
        per_page=int(per_page) if NUMBER.fullmatch(per_page) else 0,
        endpoint=said.get("endpoint_url", ""),
    )
