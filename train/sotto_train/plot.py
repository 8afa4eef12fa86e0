"""Line diagrams, one above the other over one axis, as plain SVG in the style of bench/quality/plot.ts: legible on
light and dark pages, colours told apart by the colour-blind. Knows numbers and names, nothing of runs.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 240  # of the page, and of a panel without its margins
LEFT, RIGHT, TOP, BETWEEN, BOTTOM = 64, 104, 72, 56, 52
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # Okabe and Ito's
STYLE = """text{font:13px system-ui,sans-serif;fill:#1f2328}.grid{stroke:#8884;fill:none}
.mark{stroke:#888;stroke-dasharray:4 4}.line{fill:none;stroke-width:2}.behind{fill:none;stroke-width:1;opacity:.35}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}}"""

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    name: str
    points: Sequence[Point]
    behind: Sequence[Point] = field(default=())  # drawn faintly
    has_dots: bool = False


@dataclass(frozen=True)
class Panel:
    name: str
    lines: Sequence[Line]
    high: float | None = None  # what the scale shows at least; values above its last mark are cut off there


@dataclass(frozen=True)
class Phase:
    """A part of the axis with a name."""

    name: str
    first: float
    end: float


def draw(title: str, panels: Sequence[Panel], phases: Sequence[Phase], axis: str) -> str:
    right = max(x for panel in panels for line in panel.lines for x, _ in line.points)
    bottom = TOP + len(panels) * (HEIGHT + BETWEEN) - BETWEEN

    def at(x: float) -> float:
        return LEFT + x / right * (WIDTH - LEFT - RIGHT)

    parts = [text(LEFT, 24, "start", title)]
    for index, panel in enumerate(panels):
        parts += draw_panel(panel, TOP + index * (HEIGHT + BETWEEN), at)
    for phase in phases:
        start, end = at(phase.first), at(phase.end)
        if phase.first > 0:
            tops = [TOP + index * (HEIGHT + BETWEEN) for index in range(len(panels))]
            parts += [f'<path class="mark" d="M{start:.1f},{top + HEIGHT}V{top}"/>' for top in tops]
        if end - start > 8 * len(phase.name):  # where there is room for it
            parts.append(text((start + end) / 2, TOP - 6, "middle", phase.name))
    parts += [text(at(x), bottom + 20, "middle", f"{x:g}") for x in ticks(0, right, 6) if x <= right]
    parts.append(text(WIDTH - RIGHT, bottom + 40, "end", axis))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + BOTTOM}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *parts, "</svg>\n"])


def draw_panel(panel: Panel, top: int, at: Callable[[float], float]) -> list[str]:
    values = [y for line in panel.lines for _, y in (*line.points, *line.behind)]
    marks = ticks(min(values), max(values) if panel.high is None else panel.high, 5)
    bottom = top + HEIGHT

    def height(y: float) -> float:
        return bottom - min(1.0, (y - marks[0]) / (marks[-1] - marks[0])) * HEIGHT

    def path(points: Sequence[Point], colour: str, style: str) -> str:
        places = "L".join(f"{at(x):.1f},{height(y):.1f}" for x, y in points)
        return f'<path class="{style}" stroke="{colour}" d="M{places}"/>'

    parts = [text(LEFT, top - 24, "start", panel.name)]
    for mark in marks:
        parts.append(f'<path class="grid" d="M{LEFT},{height(mark):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(text(LEFT - 8, height(mark) + 4, "end", f"{mark:g}"))
    coloured = list(zip(panel.lines, COLOURS, strict=False))
    for line, colour in coloured:
        if line.behind:
            parts.append(path(line.behind, colour, "behind"))
        parts.append(path(line.points, colour, "line"))
        if line.has_dots:
            parts += [f'<circle fill="{colour}" cx="{at(x):.1f}" cy="{height(y):.1f}" r="3"/>' for x, y in line.points]
    lowest = -math.inf
    for line, colour in sorted(coloured, key=lambda pair: -pair[0].points[-1][1]):
        last = line.points[-1][1]
        lowest = max(height(last) + 4, lowest + 16)  # names that would overlap move down
        parts.append(f'<circle fill="{colour}" cx="{WIDTH - RIGHT + 12}" cy="{lowest - 4:.1f}" r="4"/>')
        parts.append(text(WIDTH - RIGHT + 20, lowest, "start", f"{line.name} {last:#.3g}"))
    return parts


def ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers, at most `count` + 2 of them, from `low` or below to `high` or above."""
    raw = ((high - low) or abs(high) or 1.0) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(at * step, 10) for at in range(first, max(last, first + 1) + 1)]


def text(x: float, y: float, anchor: str, content: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(content)}</text>'
