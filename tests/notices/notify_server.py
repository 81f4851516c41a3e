"""A local service that speaks the protocol of GOV.UK Notify, and answers as a test tells it to.

POST /v2/notifications/email, GET /v2/notifications?reference=..., and a JSON Web Token with each, as Notify's REST
documentation has them: a wrong or old token is 403, a fault of the request 400, too many 429.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"  # noqa: S105 - the one of Notify's own documentation
KEY = f"waymark-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
SOMEBODY = "nobody-has-this@example.org"
"""An address that Notify will say does not exist."""


@dataclass
class Notify:
    """What it has been given, and what it answers first.

    `answers`: status and error of the next answers; status 0 cuts the connection after the message was taken.
    """

    address: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """An answer: status and JSON; `None` for none."""
        if not _is_ours(token):
            return _fault(403, "AuthError", "Invalid token: API key not found")
        url = urlsplit(path)
        match (method, url.path):
            case ("POST", "/v2/notifications/email"):
                return self._send(body)
            case ("GET", "/v2/notifications"):
                return self._find(parse_qs(url.query)["reference"][0])
        return _fault(404, "NotFound", "Not found")

    def _send(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        if self.answers and self.answers[0][0]:
            status, error = self.answers.pop(0)
            return _fault(status, error, f"{error} for {body['email_address']}")
        if body["template_id"] != TEMPLATE:
            return _fault(400, "BadRequestError", "Template not found")
        if missing := {"subject", "body"} - body["personalisation"].keys():
            return _fault(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        self.taken.append({**body, "id": str(uuid4())})
        if self.answers:
            self.answers.pop(0)
            return None
        return 201, {
            "id": self.taken[-1]["id"],
            "reference": body["reference"],
            "content": {},
            "uri": "",
            "template": {},
        }

    def _find(self, reference: str) -> tuple[int, dict[str, Any]] | None:
        self.asked.append(reference)
        if self.answers:
            status, error = self.answers.pop(0)
            return _fault(status, error, error)
        found = [
            {
                "id": one["id"],
                "reference": one["reference"],
                "status": "permanent-failure" if one["email_address"] == SOMEBODY else "delivered",
            }
            for one in self.taken
            if one["reference"] == reference
        ]
        return 200, {"notifications": found, "links": {"current": ""}}


def _fault(status: int, error: str, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"status_code": status, "errors": [{"error": error, "message": message}]}


def _is_ours(token: str) -> bool:
    try:
        issuer = get_token_issuer(token)  # type: ignore[no-untyped-call]
        return bool(issuer == SERVICE and decode_jwt_token(token, SECRET))  # type: ignore[no-untyped-call]
    except TokenError:
        return False


@contextmanager
def notify_server(*answers: tuple[int, str]) -> Iterator[Notify]:
    """The service on a port of its own.

    Args:
        answers: What it answers first: status and error.
    """
    notify = Notify(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_GET(self) -> None:
            self._answer({})

        def _answer(self, body: dict[str, Any]) -> None:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            found = notify.answer(self.command, self.path, token, body)
            if found is None:
                self.close_connection = True
                return
            content = json.dumps(found[1]).encode()
            self.send_response(found[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        notify.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield notify
        finally:
            server.shutdown()
            thread.join()
