"""An entry's markup: its body, and the commands that its writer typed into it.

A writer makes an entry a key event by typing `/key`; the plugin prints that as `<span
class="liveblog-command type-key">key</span>`, and in AMP and some fields as it was typed
(class-wpcom-liveblog-entry-extend-feature-commands.php).
"""

import re

from scraper.markup.html import Ours, ours

COMMAND = re.compile(
    r'<span[^<>]{0,200}?\bclass="[^"<>]{0,200}?\bliveblog-command\b[^<>]{0,200}>[^<>]{0,100}</span>\s*'
)

TYPED = re.compile(r"(^|>)\s*/key(?=[\s<]|$)\s*")

KEY_CLASS = "type-key"

KEY_COMMAND = re.compile(r'\bliveblog-command[^"<>]{0,100}\btype-key\b')


def body_of(markup: str, base: str) -> Ours:
    """Return an entry's sanitised html and text, without commands; `base` is its page's address."""
    bare = TYPED.sub(r"\1", COMMAND.sub("", markup), count=1)
    # So that AMP's images are kept as images.
    return ours(bare.replace("<amp-img", "<img"), base)


def commands_key(markup: str) -> bool:
    """Whether an entry's markup has the command that makes it a key event."""
    return KEY_COMMAND.search(markup) is not None or TYPED.search(markup) is not None
