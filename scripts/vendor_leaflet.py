"""Unpack Leaflet's script and style from `npm pack leaflet@1.9.4` into geo/assets/leaflet, with hashes.

    npm pack leaflet@1.9.4
    python scripts/vendor_leaflet.py leaflet-1.9.4.tgz
"""

from __future__ import annotations

import argparse
import hashlib
import tarfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "geo" / "assets" / "leaflet"
MEMBERS = {"package/dist/leaflet.js": "leaflet.js", "package/dist/leaflet.css": "leaflet.css", "package/LICENSE": "LICENSE"}


def main() -> None:
    """Write the files and their hashes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    FOLDER.mkdir(parents=True, exist_ok=True)
    sums = []
    with tarfile.open(parser.parse_args().package) as archive:
        for member, name in MEMBERS.items():
            file = archive.extractfile(member)
            if file is None:
                raise SystemExit(f"The package holds no {member}.")
            data = file.read()
            if name == "leaflet.js":
                data = data.replace(b"//# sourceMappingURL=leaflet.js.map", b"").rstrip() + b"\n"
            (FOLDER / name).write_bytes(data)
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
    (FOLDER / "SHA256SUMS").write_text("".join(sums), encoding="ascii")


if __name__ == "__main__":
    main()
