#!/bin/sh
# Create or update the virtual environment; called by make, before any Python is known to be good.
#
#   set_up.sh <folder> <lock file> "<supported versions>" [<project>]
#
# The project, where one is named, is put on the environment's path, so that notebooks find it from
# any folder.  PYTHON in the environment chooses the interpreter; otherwise the first supported one is taken.
set -eu
venv=$1 lock=$2 supported=$3 project=${4:-}

version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null || true
}

is_supported() {
    case " $supported " in *" $1 "*) [ -n "$1" ] ;; *) false ;; esac
}

spoken=$(echo "$supported" | sed -E 's/ ([^ ]+)$/ or \1/; s/([0-9]) ([0-9])/\1, \2/g')

choose() {
    if [ -n "${PYTHON:-}" ]; then
        candidates=$PYTHON
    else
        candidates=$(for v in $supported; do echo "python$v"; done; echo python3; echo python)
    fi
    found="" bare=""
    for candidate in $candidates; do
        version=$(version_of "$candidate")
        [ -n "$version" ] || continue
        if ! is_supported "$version"; then
            found="$found${found:+, }$candidate is $version"
        elif "$candidate" -c 'import ensurepip, venv' 2>/dev/null </dev/null; then
            echo "$candidate"
            return
        else
            bare="$bare${bare:+, }$candidate ($version)"
        fi
    done
    if [ -n "$bare" ]; then
        echo "This project needs Python's venv module, which $bare lacks: install it (Debian, Ubuntu: the package python3-venv)." >&2
    else
        echo "This project needs Python $spoken, and found ${found:-no Python}: install one of them, or name it with make PYTHON=/path/to/python." >&2
    fi
    return 1
}

current=$(version_of "$venv/bin/python")
wanted=$(version_of "${PYTHON:-$venv/bin/python}")
if [ -z "$current" ] || ! is_supported "$current" || [ "$current" != "$wanted" ]; then
    # refuse before anything is removed
    python=$(choose)
    rm -rf "$venv"
    echo "creating $venv with $python ($("$python" -c 'import platform; print(platform.python_version())'))"
    "$python" -m venv "$venv"
fi

install() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"
}

# whether a stamp in the environment says something else: a digest, not a time, so that a checkout or touch installs nothing
is_stale() {
    stamp="$venv/$1" digest=$2
    [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$digest" ]
}

installed() {
    echo "$digest" > "$stamp.part"
    mv "$stamp.part" "$stamp"
}

if is_stale .locked "$(cksum < "$lock")"; then
    echo "installing the locked requirements (some minutes the first time)"
    install --require-hashes -r "$lock"
    installed
fi
# its place counts, too: a clone that was moved or copied must not import the one that it came from
if [ -n "$project" ] && is_stale .project "$(cd "$project" && { pwd -P; cat pyproject.toml; } | cksum)"; then
    # a warning of setuptools about what is meant here
    PYTHONWARNINGS=ignore install --no-deps --no-build-isolation --no-index --editable "$project"
    installed
fi
