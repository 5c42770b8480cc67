"""Who is answered: this machine's own browser that has the address, and no page of another site.

A page elsewhere can make a browser send requests to this machine, also under a name of its own that
resolves to it. So a request has to name this server as its host, may come from a page of this server
alone, and holds in its path a token that no other page knows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tornado.httputil import HTTPHeaders

HOSTS = ("127.0.0.1", "localhost")

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HANDLER = re.compile(r'\son[a-z]+="([^"]*)"')
_PAGENAME = "DOCUMENTATION_OPTIONS.pagename = '{}';"


def refusal(method: str, host: str, headers: Mapping[str, str], port: int) -> str:
    """Why a request is not answered, whatever it asks for; empty if it is.

    Parameters
    ----------
    method, host : str
        Of the request; the host with its port.
    headers : mapping
    port : int
        Of this server.
    """
    hosts = [f"{one}:{port}" for one in HOSTS]
    if host not in hosts:
        return "this server answers to its own name alone"
    origins = [f"http://{one}" for one in hosts]
    origin = headers.get("Origin")
    if origin is not None and origin not in origins:
        return "the request comes from another site"
    reads = method in ("GET", "HEAD")
    if origin is None and not reads:
        return "the request does not say where it comes from"
    site = headers.get("Sec-Fetch-Site", "none")
    opened = reads and headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
    if site not in ("same-origin", "none") and not opened:  # the address may be opened from a mail, and read by nobody there
        return "the request comes from another site"
    return ""


def find_token(given: str, tokens: Iterable[str]) -> str | None:
    """The token that was given, found without telling by the time how much of it is right."""
    found = None
    for token in tokens:
        if hmac.compare_digest(token.encode(), given.encode()):
            found = token
    return found


def set_headers(headers: HTTPHeaders, policy: str) -> None:
    """What every answer tells the browser: where its parts may come from, and that it is nobody else's."""
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cache-Control"] = "no-store"
    headers["Server"] = "live"


def policy(scripts: Iterable[str] = (), handlers: Iterable[str] = ()) -> str:
    """Content security policy of a page: nothing from elsewhere, and no script in it but those named.

    Parameters
    ----------
    scripts, handlers : iterable of str
        Text of scripts, and of attributes such as ``onclick``, that the page may hold.
    """
    inline = "".join(f" {_hash(text)}" for text in sorted(set(scripts)))
    attributes = "".join(f" {_hash(text)}" for text in sorted(set(handlers)))
    rules = {
        "default-src": "'none'",
        "script-src": f"'self'{inline}",
        "script-src-attr": f"'unsafe-hashes'{attributes}" if attributes else "'none'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "frame-ancestors": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class BookPolicy:
    """Policy of the book's pages: the scripts that its theme writes into them, taken from the pages that were built.

    A page made of a reader's own patients holds the theme's scripts alone: whatever a label of theirs may smuggle in is not run.
    """

    def __init__(self, book: Path):
        self._book = book

    def of_built(self, text: str) -> str:
        """Of a page that the build made."""
        return policy(*_inline(text))

    def of_run(self, page: str) -> str:
        """Of a page that was made on request: what its published twin holds."""
        twin = self._book / f"{page}.html"
        scripts, handlers = _inline(twin.read_text(encoding="utf-8")) if twin.is_file() else (frozenset(), frozenset())
        return policy(scripts | {_PAGENAME.format(page.rpartition("/")[2])}, handlers)


def _inline(text: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(_SCRIPT.findall(text)), frozenset(_HANDLER.findall(text))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
