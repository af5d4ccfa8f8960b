"""A port that is held is its server's alone."""

from __future__ import annotations

import socket

import pytest

from tests.servers.ports import HeldPorts


def test_a_held_port_is_listened_on_by_who_reuses_addresses_and_refused_to_all_others() -> None:
    held = HeldPorts(2)
    for port in (held.first, held.first + 1):
        with socket.socket() as other, pytest.raises(OSError, match="Address already in use"):
            other.bind(("127.0.0.1", port))
        for _ in range(2):  # down and up again
            with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
                pass
    held.release()
