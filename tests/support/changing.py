"""A publisher who changes a blog all the time, in a thread."""

import random
import threading
from datetime import UTC, datetime

from keywire.demo.blog import add, block, edit


class Changer(threading.Thread):
    """Adds or edits an entry every 0.02 to 0.15 seconds, until `stopping` is set."""

    def __init__(self, origin, seed):
        super().__init__(daemon=True)
        self.origin, self.random = origin, random.Random(seed)
        self.stopping = threading.Event()

    def run(self):
        n = 0
        while not self.stopping.wait(self.random.uniform(0.02, 0.15)):
            n += 1
            now = datetime.now(UTC)
            blog = self.origin.blog
            if n % 3:
                new = block(f"n{n}", now, f"<p>The {n}th thing to happen.</p>")
                self.origin.show(add(blog, new))
            else:
                recent = blog.blocks[self.random.randrange(min(5, len(blog.blocks)))]
                self.origin.show(
                    edit(blog, recent.id, now, f"<p>Put right for the {n}th time.</p>")
                )
