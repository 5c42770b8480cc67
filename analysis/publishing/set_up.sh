#!/bin/sh
# Create or update the virtual environment; called by make, before any Python is known to be good.
#
#   set_up.sh <folder> <lock file> "<supported versions>"
#
# PYTHON in the environment chooses the interpreter; otherwise the first supported one is taken.
set -eu
venv=$1 lock=$2 supported=$3

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

# a digest, not a time: a checkout or touch of the lock installs nothing
stamp="$venv/.locked"
digest=$(cksum < "$lock")
if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ]; then
    exit 0
fi
echo "installing the locked requirements (some minutes the first time)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock"
echo "$digest" > "$stamp.part"
mv "$stamp.part" "$stamp"
