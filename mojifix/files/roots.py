"""Where a project begins, and what git keeps of it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from hashlib import new as new_hash

from mojifix.files.durable import BLOCK, opened
from mojifix.files.ignore import project_root


def root_of(folder: str) -> str:
    """Return the nearest folder at or above `folder` that is under version control, else `folder`.

    The path that is returned is absolute and free of symlinks.
    """
    start = os.path.realpath(folder)
    return project_root(start) or start


def inside(path: str, folder: str) -> bool:
    """Tell whether `path` is `folder` or below it; both are absolute and free of symlinks."""
    return path == folder or path.startswith(os.path.join(folder, ""))


def common_folder(paths: Iterable[str]) -> str:
    """Return the lowest folder that all `paths` that exist are in, absolute and free of symlinks.

    Without any, that is the current folder.
    """
    real = [os.path.realpath(path) for path in paths if os.path.exists(path)]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in real]
    return os.path.commonpath(folders or [os.getcwd()])


class Git:
    """Tells which files git has a copy of. Each work tree is asked once, when first met."""

    def __init__(self) -> None:
        self._tops: dict[str, str] = {}
        self._kept: dict[str, Mapping[str, str]] = {}

    def keeps(self, path: str) -> bool:
        """Tell whether git has the bytes of the file at `path` (absolute, without symlinks).

        It has when the work tree was clean, that is as in git's index, when it was first asked
        about, and the bytes are those in the index now. Without git, or outside a work tree, it has
        not. Raises OSError when a tracked file can't be read.
        """
        folder = os.path.dirname(path)
        if folder not in self._tops:
            self._tops[folder] = _asked(folder, "rev-parse", "--show-toplevel").rstrip("\n")
        top = self._tops[folder]
        if not top:
            return False
        if top not in self._kept:
            self._kept[top] = _tracked(top)
        blob = self._kept[top].get(path)
        # Not git's word alone: it does not look at files that are marked as unchanged, it converts
        # line ends, and the file may have been edited since it was asked.
        return blob is not None and _blob(path, blob) == blob


def _tracked(top: str) -> Mapping[str, str]:
    """Return the tracked files of a work tree with the names that git has for their bytes.

    Empty unless the work tree is as in the index.
    """
    status = _asked(top, "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
    # The second letter is the state of the work tree beside that of the index.
    if any(entry[1:2] != " " for entry in status.split("\0") if entry):
        return {}
    entries = (
        entry.split("\t", 1) for entry in _asked(top, "ls-files", "-sz").split("\0") if entry
    )
    # Before the tab: mode, name of the bytes, stage.
    return {os.path.join(top, name): about.split(" ")[1] for about, name in entries}


def _blob(path: str, like: str) -> str:
    """Return git's name for the bytes of a file, by the same algorithm as the name `like`."""
    with opened(path) as file:
        found = new_hash("sha1" if len(like) == 40 else "sha256", usedforsecurity=False)
        found.update(b"blob %d\0" % os.fstat(file.fileno()).st_size)
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def _asked(folder: str, *args: str) -> str:
    """Return what git prints, or nothing when it fails."""
    # A monitor named in the configuration of an unknown tree would be run.
    command = ["git", "-c", "core.fsmonitor=false", *args]
    # Hooks run with these set to the repository that is being committed to.
    foreign = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    env = {name: value for name, value in os.environ.items() if name not in foreign}
    env["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return os.fsdecode(done.stdout) if done.returncode == 0 else ""
