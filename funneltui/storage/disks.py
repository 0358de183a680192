"""The disk that a path lies on: what kind of file system it is, and whether another machine can write there as well."""

from __future__ import annotations

import os
import re
from pathlib import Path

_NETWORK_DISKS = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2",
        "smb3", "smbfs", "vboxsf", "vmhgfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone",
        "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse",
    }
)  # fmt: skip
_NO_ROOM = 64 * 1024
"""The bytes that SQLite wants beside a file before it reads from it: its table of the log's pages."""

_MOUNTS = Path("/proc/self/mounts")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def kind_of_disk(path: Path) -> str:
    """Give the kind of file system on which a path lies, as the system's mount table calls it; empty where there is none."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux: nothing to be known
        return ""
    place = str(path.resolve())
    found = ("", "")
    for line in mounts:
        _, point, kind, *_ = [*line.split(" "), "", "", ""]
        point = _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), point)
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1]


def is_full(path: Path) -> bool:
    """Tell whether a disk has so little room left that a database cannot even be opened there."""
    for place in (path, path.parent):
        try:
            seen = os.statvfs(place)
        except OSError:
            continue
        return seen.f_bavail * seen.f_frsize < _NO_ROOM
    return False


def on_network_disk(path: Path) -> bool:
    """Tell whether a path lies on a network file system, on which SQLite's WAL is not safe."""
    return kind_of_disk(path) in _NETWORK_DISKS
