"""Random histories of a live blog, played against what its publisher truly did.

Whatever happens: no duplicate, no lost edit, no false edit, ids that never change, and nothing
removed by a bad page.
"""

import pytest
from hypothesis import settings
from publisher import Publisher as RandomPublisher


class Publisher(RandomPublisher):
    """The short form."""


class ManyPublishers(Publisher):
    """The same, for the long form."""


Publisher.TestCase.settings = settings(max_examples=150, stateful_step_count=30)
ManyPublishers.TestCase.settings = settings(max_examples=1000, stateful_step_count=30)
test_random_histories_keep_the_laws = Publisher.TestCase
test_a_thousand_random_histories_keep_the_laws = pytest.mark.torture("1,000 histories × 30 steps")(
    ManyPublishers.TestCase
)
