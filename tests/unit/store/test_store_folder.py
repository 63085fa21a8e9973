from pathlib import Path

import pytest

from psbuddy.store.folder import file_system, folder_note

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:30 / /home rw - btrfs /dev/sdb rw
31 30 0:40 / /home/ann/share rw - cifs //server/share rw
32 30 0:41 / /home/ann/my\\040net rw - nfs4 server:/net rw
not a line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/a.db", "ext4"),
        ("/home/a.db", "btrfs"),
        ("/homes/a.db", "ext4"),
        ("/home/ann/share/a.db", "cifs"),
        ("/home/ann/shared/a.db", "btrfs"),
        ("/home/ann/my net/a.db", "nfs4"),
    ],
)
def test_the_innermost_mount_counts(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind


def test_a_network_drive_is_named_and_a_local_disk_is_not(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)
    assert "network drive (cifs)" in folder_note(Path("/home/ann/share/a.db"), table)
    assert folder_note(Path("/home/a.db"), table) == ""
    assert folder_note(Path("/home/a.db"), tmp_path / "absent") == ""
