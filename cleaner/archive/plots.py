"""Small plots as inline SVG: no script, no font, no request."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Pairs = Sequence[tuple[str, float]]
"""Names and values, in the order to be shown."""

_WIDTH = 420
_LABEL = 150
_ROW = 20
_HEIGHT = 150
_CHARS = 24  # of a label


def bars(title: str, pairs: Pairs, *, bad: bool = False) -> str:
    """Return horizontal bars, a name and a number each."""
    top = max((value for _, value in pairs), default=0) or 1
    room = _WIDTH - _LABEL - 70
    rows: list[str] = []
    for number, (name, value) in enumerate(pairs):
        y = number * _ROW
        width = room * value / top
        rows.append(
            f"<g><title>{escape(name)}: {value:,.0f}</title>"
            f'<text x="{_LABEL - 6}" y="{y + 14}" text-anchor="end">{escape(_short(name))}</text>'
            f'<rect x="{_LABEL}" y="{y + 3}" width="{max(width, 1):.1f}" height="14" rx="2"/>'
            f'<text class="soft" x="{_LABEL + width + 6:.1f}" y="{y + 14}">{value:,.0f}</text></g>'
        )
    return _card(title, rows, len(pairs) * _ROW, bad=bad)


def columns(title: str, pairs: Pairs, unit: str) -> str:
    """Return a histogram: a column for each class, named below."""
    if not pairs:
        return _card(title, [], 0)
    top = max(value for _, value in pairs) or 1
    step = _WIDTH / len(pairs)
    every = -(-len(pairs) // 8)
    parts: list[str] = []
    for number, (name, value) in enumerate(pairs):
        height = (_HEIGHT - 30) * value / top
        x = number * step
        parts.append(
            f'<g><title>{escape(name)} {escape(unit)}: {value:,.0f}</title><rect x="{x + 1:.1f}" '
            f'y="{_HEIGHT - 20 - height:.1f}" width="{step - 2:.1f}" height="{height:.1f}"/></g>'
        )
        if number % every == 0:
            middle = x + step / 2
            parts.append(
                f'<text class="soft" x="{middle:.1f}" y="{_HEIGHT - 5}" text-anchor="middle">'
                f"{escape(name)}</text>"
            )
    return _card(f"{title} ({unit})", parts, _HEIGHT)


def curve(title: str, points: Sequence[tuple[float, float]], x_name: str) -> str:
    """Return a line through points (x, y); y begins at 0."""
    if len(points) < 2:
        return _card(title, [], 0)
    left, right = points[0][0], points[-1][0]
    top = max(y for _, y in points) or 1
    room = _HEIGHT - 40

    def place(point: tuple[float, float]) -> str:
        x = 30 + (_WIDTH - 40) * (point[0] - left) / (right - left)
        return f"{x:.1f},{10 + room * (1 - point[1] / top):.1f}"

    base = 10 + room
    parts = [
        f'<line x1="30" y1="{base}" x2="{_WIDTH}" y2="{base}"/>',
        f'<text class="soft" x="0" y="16">{top:,.0f}</text>',
        f'<text class="soft" x="0" y="{base}">0</text>',
        f'<text class="soft" x="30" y="{_HEIGHT - 8}">0</text>',
        f'<text class="soft" x="{_WIDTH}" y="{_HEIGHT - 8}" text-anchor="end">'
        f"{right - left:,.0f} {escape(x_name)}</text>",
        f'<path d="M{" L".join(map(place, points))}"/>',
    ]
    return _card(title, parts, _HEIGHT)


def _card(title: str, parts: Sequence[str], height: float, *, bad: bool = False) -> str:
    head = f'<div class="card"><h3>{escape(title)}</h3>'
    if not parts:
        return f'{head}<p class="soft">none</p></div>'
    group = "bad" if bad else "good"
    return (
        f'{head}<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f'<g class="{group}">{"".join(parts)}</g></svg></div>'
    )


def _short(name: str) -> str:
    return name if len(name) <= _CHARS else name[: _CHARS - 1] + "…"
