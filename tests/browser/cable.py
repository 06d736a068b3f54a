"""A cable between browser and app that can be pulled out and put back."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Cable:
    """Passes bytes on between a port of its own and another, while it is plugged in."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._plugged = threading.Event()
        self._plugged.set()
        self._ends: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Cut all connections; new ones are refused."""
        self._plugged.clear()
        for end in list(self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def plug(self) -> None:
        self._plugged.set()

    def close(self) -> None:
        self._listener.close()
        self.pull()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if not self._plugged.is_set():
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                for source, target in ((near, far), (far, near)):
                    self._ends.add(source)
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.discard(source)
        source.close()


@contextmanager
def cable_to(port: int) -> Iterator[Cable]:
    """A cable to a port of this computer, plugged in."""
    cable = Cable(port)
    try:
        yield cable
    finally:
        cable.close()
