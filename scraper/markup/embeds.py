"""Iframes in publishers' markup, which feeds cannot carry: links take their places."""

import re

from scraper.address import absolute
from scraper.markup.html import Ours, ours, plain_text, stand_in

IFRAME = re.compile(r"<iframe\b([^<>]*)>(.*?)</iframe>", re.DOTALL)
SOURCE = re.compile(r'\b(?:data-)?src="([^"]*)"')
MARKUP = re.compile(r"<[^<>]*>|&lt;/?[a-z]+&gt;")


def with_embeds(markup: str, base: str) -> Ours:
    """Return sanitised html and text of markup, with links for its iframes at the end.

    `base` is the address that links are relative to.
    """
    if "<iframe" not in markup:
        return ours(markup, base)
    stood_in = list[str]()

    def set_aside(found: re.Match[str]) -> str:
        source = SOURCE.search(found[1])
        address = absolute(source[1], base) if source else ""
        stood_in.append(stand_in(address, MARKUP.sub(" ", found[2])))
        return ""

    rest = ours(IFRAME.sub(set_aside, markup), base).html + "".join(stood_in)
    return Ours(rest, plain_text(rest))
