"""Request one address of a server on this machine over and over, on persistent connections.

Enough requests are under way that the server never waits for one. Every answer is read to its
end, and must have the length of the first one. Prints the number of answers and the seconds.
"""

import socket
import sys
from time import perf_counter

CONNECTIONS = 16


def main(port: str, path: str, what: str, length: str) -> None:
    address = ("127.0.0.1", int(port))
    headers = "Host: x\r\nUser-Agent: bench\r\nAccept: */*\r\n"
    plain = f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()
    with socket.create_connection(address) as first:
        status, tag, _ = ask(first, plain)
        assert status == 200
    request = plain if what == "200" else plain[:-2] + b"If-None-Match: " + tag + b"\r\n\r\n"
    with socket.create_connection(address) as second:
        status, _, whole = ask(second, request)
        assert status == int(what), f"the server says {status}, not {what}"
    print([*drive(address, request, whole, float(length))])


def ask(connection: socket.socket, request: bytes) -> tuple[int, bytes, int]:
    """Send a request; return the status, the entity tag and the length in bytes of its answer."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(1 << 16)
    head, _, body = answer.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    status = int(head.split(b" ")[1])
    wanted = 0 if status == 304 else int(fields[b"content-length"])
    while len(body) < wanted:
        body += connection.recv(1 << 16)
    return status, fields[b"etag"], len(head) + 4 + wanted


def drive(address: tuple[str, int], request: bytes, whole: int, length: float) -> tuple[int, float]:
    """Keep every connection busy for `length` seconds; return the count of answers and the time."""
    connections = [socket.create_connection(address) for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.sendall(request)
    room = memoryview(bytearray(whole))
    answers, begun = 0, perf_counter()
    while perf_counter() - begun < length:
        for connection in connections:
            got = connection.recv_into(room)
            while got < whole:
                got += connection.recv_into(room[got:])
            connection.sendall(request)
        answers += CONNECTIONS
    taken = perf_counter() - begun
    for connection in connections:
        connection.close()
    return answers, taken


if __name__ == "__main__":
    main(*sys.argv[1:])
