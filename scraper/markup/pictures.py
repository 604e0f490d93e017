"""The pictures in html that `scraper.markup.html` made, for readers that have only that html."""

import re
from html import unescape

from scraper.markup.html import pixels
from store.entry import Media

_IMAGE = re.compile(r"<img ([^<>]*)>")
_ATTRIBUTE = re.compile(r'(src|alt|width|height)="([^"]*)"')


def pictures_in(html: str) -> tuple[Media, ...]:
    """Return the pictures in sanitised html, in order, each address once."""
    found = dict[str, Media]()
    for image in _IMAGE.findall(html) if "<img " in html else ():
        stated = {name: unescape(value) for name, value in _ATTRIBUTE.findall(image)}
        url = stated.get("src", "")
        if url and url not in found:
            found[url] = Media(
                url=url,
                alt=stated.get("alt", ""),
                width=pixels(stated.get("width")),
                height=pixels(stated.get("height")),
            )
    return tuple(found.values())
