"""Notify systemd that the site serves, that the schedule ticks, and that the shutdown has begun.

sd_notify(3) by hand: datagrams to the socket that NOTIFY_SOCKET names. Without it, all of this does
nothing.
"""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping

_SIGNS = 3  # signs of life in each interval of the watchdog


class ServiceManager:
    """The service manager that started this process, if any did.

    `watchdog` is its interval in seconds: without a sign of life for so long, it acts; 0 means that
    it asks for none.
    """

    def __init__(
        self,
        address: str = "",
        watchdog: float = 0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address, self._interval, self._monotonic = address, watchdog / _SIGNS, monotonic
        self._next = 0.0

    def ready(self) -> None:
        """Notify that the site serves."""
        self._send("READY=1")

    def alive(self) -> None:
        """Send a sign of life, if one is due."""
        now = self._monotonic()
        if self._interval and now >= self._next:
            self._next = now + self._interval
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Notify that the shutdown has begun."""
        self._send("STOPPING=1")

    def _send(self, state: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        # A manager that has gone is no reason to stop; a missing sign alerts its watchdog.
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound,
        ):
            bound.settimeout(0)
            bound.sendto(state.encode(), address)


def read_environment(environment: Mapping[str, str] = os.environ) -> ServiceManager:
    """Return the manager of NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.

    See sd_watchdog_enabled(3).
    """
    asked = environment.get("WATCHDOG_USEC", "")
    ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    watchdog = int(asked) / 1_000_000 if asked.isdigit() and ours else 0
    return ServiceManager(environment.get("NOTIFY_SOCKET", ""), watchdog)
