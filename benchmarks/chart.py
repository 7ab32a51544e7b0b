# SPDX-License-Identifier: Apache-2.0
"""Growth curves as SVG: both axes logarithmic, one line a series, its name at its end."""
import math
import xml.sax.saxutils

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 50
COLOURS = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e5ea2"]


def _decades(values: list[float]) -> range:
    return range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)


def _number(exponent: int) -> str:
    return f"{10 ** exponent:,}" if exponent >= 0 else f"{10 ** exponent:.{-exponent}f}"


def draw(title: str, x_name: str, y_name: str, series: dict[str, list[tuple[float, float]]]) -> str:
    """The picture. Every series has one point at least, all coordinates are above 0."""
    xs = _decades([x for points in series.values() for x, _ in points])
    ys = _decades([y for points in series.values() for _, y in points])

    def across(x: float) -> float:
        return LEFT + (math.log10(x) - xs[0]) / max(1, xs[-1] - xs[0]) * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(y) - ys[0]) / max(1, ys[-1] - ys[0]) * (HEIGHT - TOP - BOTTOM)

    escape = xml.sax.saxutils.escape
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="22" font-size="16">{escape(title)}</text>',
           f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_name)}</text>',
           f'<text x="16" y="{HEIGHT / 2:.0f}" text-anchor="middle" transform="rotate(-90 16 {HEIGHT / 2:.0f})">{escape(y_name)}</text>']
    for exponent in xs:
        x = across(10.0 ** exponent)
        out += [f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>',
                f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_number(exponent)}</text>']
    for exponent in ys:
        y = down(10.0 ** exponent)
        out += [f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>',
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(exponent)}</text>']
    used: list[float] = []
    for colour, (name, points) in zip(COLOURS, series.items()):
        places = [(across(x), down(y)) for x, y in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        label = places[-1][1] + 4
        while any(abs(label - other) < 15 for other in used):
            label += 15
        used.append(label)
        out.append(f'<text x="{places[-1][0] + 8:.1f}" y="{label:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join(out) + "\n</svg>\n"
