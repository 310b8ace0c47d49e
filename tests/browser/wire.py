"""A wire between browser and server that a test can cut and mend, as a train's network does."""

import contextlib
import select
import socket
import threading


class Wire:
    """Forwards connections to a port of this machine; while it is cut, open ones are dead and new ones refused."""

    def __init__(self, port):
        self.target = port
        self.open = set()
        self.flows = threading.Event()
        self.flows.set()
        self.listener = None
        self.port = 0
        self.mend()

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def mend(self):
        """Let connections through (again), on the same port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(50)
        self.port, self.listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def hold(self):
        """Let nothing through for now, and lose nothing: a server that is slow to answer."""
        self.flows.clear()

    def let_go(self):
        """Let through what was held, and all that comes."""
        self.flows.set()

    def cut(self):
        """Drop every connection and take no new one."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in list(self.open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near):
        with contextlib.suppress(OSError), near, socket.create_connection(("127.0.0.1", self.target)) as far:
            ends = {near: far, far: near}
            self.open |= set(ends)
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    self.flows.wait()
                    ends[end].sendall(data)
        self.open.discard(near)
