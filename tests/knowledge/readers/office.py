"""Changes the parts of an Office file that a library made, to have in it what no library writes."""

import io
import zipfile
from collections.abc import Callable, Mapping


def packed(raw: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    """The file with these parts added, or replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            if info.filename not in parts:
                after.writestr(info, before.read(info), zipfile.ZIP_DEFLATED)
        for name, content in parts.items():
            after.writestr(name, content)
    return file.getvalue()


def rewritten(raw: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The file with one part changed. The change must change something."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        before = archive.read(part).decode()
    after = change(before)
    assert after != before
    return packed(raw, {part: after})
