"""The command that serves the book on this machine."""

from __future__ import annotations

import argparse
import functools


def add(add_parser) -> None:
    """Add the command of this module to the parser."""
    command = add_parser("serve", help="serve the built book on this machine only: pages re-executed from a form, own patients, sweeps")
    command.add_argument("--port", type=int, default=0, metavar="N", help="of the loopback address (default: a free one)")
    command.add_argument("--readers", type=int, default=1, metavar="N", help="number of sessions, each with its own address and patients")
    command.add_argument("--limit", type=float, default=600.0, metavar="SECONDS", help="time after which a run is stopped (default: 600)")
    command.add_argument("--open", action="store_true", help="open the first address in a browser")
    command.set_defaults(run=serve)


def serve(options: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    from analysis.errors import Fault, InputError
    from analysis.live import serve as live

    if not 1 <= options.readers <= 50:
        raise InputError(Fault("command line", "--readers", "a number from 1 to 50", str(options.readers)))
    if not 1 <= options.limit <= 86400:
        raise InputError(Fault("command line", "--limit", "a number of seconds from 1 to 86400", f"{options.limit:g}"))
    say = functools.partial(print, flush=True)
    return live.serve(live.Options(options.port, options.readers, options.limit, options.open), say)
