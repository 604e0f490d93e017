"""The pictures in html that `scraper.html` made, for those whose markup is all that there is."""

import re
from html import unescape

from scraper.html import pixels
from store.entry import Media

_IMAGE = re.compile(r"<img ([^<>]*)>")
_ATTRIBUTE = re.compile(r'(src|alt|width|height)="([^"]*)"')


def pictures_in(html: str) -> tuple[Media, ...]:
    """Give the pictures that sanitised html draws, in their order, each address once."""
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
