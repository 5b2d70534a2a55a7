"""Runs a command on a terminal of its own: on-terminal.py COLUMNS ROWS COMMAND...

What it writes comes out as it is. Orders come in, one JSON array a line: ["keys", TEXT], ["size", COLUMNS, ROWS],
["signal", NUMBER]. At the end: its exit code, and on standard error whether it left the terminal as it was.
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios


def set_size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def obey(order, fd, child):
    what, *rest = json.loads(order)
    if what == "keys":
        os.write(fd, rest[0].encode())
    elif what == "size":
        set_size(fd, *rest)
    elif what == "signal":
        os.kill(child, rest[0])


def main():
    columns, rows, *command = sys.argv[1:]
    master, slave = pty.openpty()
    set_size(slave, int(columns), int(rows))
    before = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.close(master)
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        os.execvp(command[0], command)
    pending = b""
    orders = [0]
    status = None
    while True:
        ready, _, _ = select.select([master, *orders], [], [], 0.05)
        if master in ready:
            os.write(1, os.read(master, 65536))
            continue
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                orders = []
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                obey(line, master, child)
        if status is not None and not ready:
            break
        if status is None:
            done, found = os.waitpid(child, os.WNOHANG)
            status = found if done else None
    same = before == termios.tcgetattr(slave)
    sys.stderr.write("as it was\n" if same else "changed\n")
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


main()
