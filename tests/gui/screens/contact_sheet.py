"""Contact sheet of the screenshots, the four of a view side by side."""

from html import escape
from itertools import groupby
from pathlib import Path

_STYLE = (
    "body{font:14px sans-serif;background:#ddd;margin:16px}"
    "div{display:grid;grid-template-columns:repeat(2,1fr);gap:12px}"
    "img{width:100%;border:1px solid #999}figure{margin:0}figcaption{color:#555}"
)


def write_contact_sheet(folder: Path) -> Path:
    """Write the page; pictures are named `view.theme.size.png`."""
    pictures = sorted(folder.glob("*.png"))
    parts = [f"<!doctype html><meta charset=utf-8><title>Telas</title><style>{_STYLE}</style>"]
    for view, of_view in groupby(pictures, key=lambda picture: picture.name.split(".")[0]):
        parts.append(f"<h2>{escape(view)}</h2><div>")
        for picture in of_view:
            name = escape(picture.name)
            shown = f'<a href="{name}"><img src="{name}" loading=lazy></a>'
            parts.append(f"<figure>{shown}<figcaption>{name}</figcaption></figure>")
        parts.append("</div>")
    page = folder / "index.html"
    page.write_text("\n".join(parts), "utf-8")
    return page
