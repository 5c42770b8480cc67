"""Commands that check what is committed, and that put a release together."""

from __future__ import annotations

import argparse


def add(add_parser) -> None:
    """Add the commands of this module to the parser."""
    command = add_parser("lint", help="check notebook sources, settings and tracked files, or the workflows, or addresses outside the book")
    command.add_argument("what", choices=("sources", "workflows", "links"))
    command.set_defaults(run=lint_project)

    command = add_parser(
        "schemas", help="write the JSON Schema files from which editors complete a study's YAML files: data/schemas/*.json"
    )
    command.set_defaults(run=write_schemas)

    command = add_parser("release", help="check that all files state a tag's version; put archive, checksums and notes together")
    command.add_argument("tag")
    command.set_defaults(run=make_release)


def lint_project(options: argparse.Namespace) -> int:
    """Lint one kind of thing; 1 if a linter or an address failed, 2 if a source is faulty."""
    return {"sources": _sources, "workflows": _workflows, "links": _links}[options.what]()


def _sources() -> int:
    from analysis.errors import InputError
    from analysis.review.lint import sources

    faults = sources.check()
    if faults:
        raise InputError(faults)
    print("sources, settings and tracked files checked")
    return 0


def _workflows() -> int:
    from analysis.review.lint import workflows

    sound, said = workflows.lint()
    print("\n".join(said))
    return 0 if sound else 1


def _links() -> int:
    from analysis.review.lint import outside_links

    broken = outside_links.find_broken()
    print("\n".join(broken) if broken else "every address answers")
    return 1 if broken else 0


def make_release(options: argparse.Namespace) -> int:
    """Make the release of a tag; the book must have been built."""
    from analysis import paths
    from analysis.review import release

    print(paths.shorten_path(release.make(options.tag)))
    return 0


def write_schemas(options: argparse.Namespace) -> int:
    """Write the schemas of all files of a study."""
    from analysis import paths
    from analysis.reconstruction import declared_keys

    print("\n".join(paths.shorten_path(path) for path in declared_keys.write_schemas()))
    return 0
