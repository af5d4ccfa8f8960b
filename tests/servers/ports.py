"""Ports of this machine that are one server's, up or not."""

from __future__ import annotations

import socket


class HeldPorts:
    """Free ports of 127.0.0.1, `count` in a row, kept bound until they are released.

    A server that reuses addresses, as PostgreSQL, Java's and uvicorn do, listens on them; whoever else asks for a free
    port, or connects from one, gets another, also while the server is down.
    """

    def __init__(self, count: int = 1) -> None:
        self._sockets = _bound_in_a_row(count)
        for each in self._sockets:  # only now: with it, a port could be found that is held already
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.first: int = self._sockets[0].getsockname()[1]

    def release(self) -> None:
        for each in self._sockets:
            each.close()


def _bound_in_a_row(count: int) -> list[socket.socket]:
    while True:
        sockets = [socket.socket() for _ in range(count)]
        try:
            sockets[0].bind(("127.0.0.1", 0))
            for number, each in enumerate(sockets[1:], start=1):
                each.bind(("127.0.0.1", sockets[0].getsockname()[1] + number))
        except (OSError, OverflowError):
            for each in sockets:
                each.close()
        else:
            return sockets
