"""What an entry's markup says, without the commands that its writer typed into it.

A writer makes a key event of an entry by typing `/key`; the plugin prints it as
`<span class="liveblog-command type-key">key</span>`, and in AMP and some fields as it was typed
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
    """Make an entry's markup ours, without commands; `base` is the address of its page."""
    bare = TYPED.sub(r"\1", COMMAND.sub("", markup), count=1)
    # AMP's images are images.
    return ours(bare.replace("<amp-img", "<img"), base)


def commands_key(markup: str) -> bool:
    """Whether an entry's markup has the command that makes it a key event."""
    return KEY_COMMAND.search(markup) is not None or TYPED.search(markup) is not None
