"""Covers for the demo's courses: flat shapes in the colours of one hue, the same for the same course each time."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from colorsys import hls_to_rgb
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PIL import Image, ImageDraw

Art = Literal["arc", "steps", "sun", "orbit", "grid", "wave"]
Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]

# Pixels of a unit; a canvas has 320 x 200. Drawn larger than it is kept, a shape gets smooth edges.
_UNIT = 8


@dataclass(frozen=True, slots=True)
class Palette:
    """`paper` is the ground, `ink` the darkest; the others stand out from both."""

    paper: Colour
    main: Colour
    warm: Colour
    ink: Colour
    pale: Colour

    @classmethod
    def of(cls, hue: int) -> Palette:
        """`hue` in degrees."""
        return cls(
            paper=_colour(hue, 52, 88),
            main=_colour(hue, 66, 52),
            warm=_colour(hue + 24, 74, 64),
            ink=_colour(hue - 18, 46, 26),
            pale=_colour(hue - 40, 56, 78),
        )


def cover_png(art: Art, hue: int) -> bytes:
    """1280 x 800, some 15 KB."""
    target = io.BytesIO()
    picture(art, hue).reduce(_UNIT // 4).save(target, "PNG")
    return target.getvalue()


def picture(art: Art, hue: int) -> Image.Image:
    """The artwork at its drawn size; scaled down, its edges are smooth."""
    palette = Palette.of(hue)
    image = Image.new("RGB", (320 * _UNIT, 200 * _UNIT), palette.paper)
    _ARTS[art](_Brush(ImageDraw.Draw(image)), palette)
    return image


@dataclass(frozen=True, slots=True)
class _Brush:
    """Draws in units of the canvas."""

    draw: ImageDraw.ImageDraw

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.draw.circle((x * _UNIT, y * _UNIT), radius * _UNIT, fill=fill)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
        outer = (radius + width / 2) * _UNIT
        self.draw.circle((x * _UNIT, y * _UNIT), outer, outline=colour, width=round(width * _UNIT))

    def block(self, left: float, top: float, right: float, bottom: float, fill: Colour, *, radius: float = 0) -> None:
        box = (left * _UNIT, top * _UNIT, right * _UNIT - 1, bottom * _UNIT - 1)
        self.draw.rounded_rectangle(box, radius * _UNIT, fill=fill)

    def quarter(self, left: float, top: float, width: float, height: float, fill: Colour) -> None:
        """A quarter of an ellipse with its centre at the lower right of the box."""
        box = (left * _UNIT, top * _UNIT, (left + 2 * width) * _UNIT, (top + 2 * height) * _UNIT)
        self.draw.pieslice(box, 180, 270, fill=fill)

    def line(self, points: list[Point], colour: Colour, width: float) -> None:
        scaled = [(x * _UNIT, y * _UNIT) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * _UNIT), joint="curve")

    def shape(self, points: list[Point], fill: Colour) -> None:
        self.draw.polygon([(x * _UNIT, y * _UNIT) for x, y in points], fill=fill)


def _arc(brush: _Brush, palette: Palette) -> None:
    for radius, colour in ((132, palette.warm), (88, palette.main), (44, palette.ink)):
        brush.disc(92, 200, radius, colour)
    for x, y in _curve((176, 156), (206, 40), (262, 28), (300, 34), steps=11):
        brush.disc(x, y, 2.5, palette.ink)
    brush.disc(300, 34, 13, palette.main)


def _steps(brush: _Brush, palette: Palette) -> None:
    colours = (palette.pale, palette.warm, palette.main, palette.ink, palette.warm)
    for step, colour in enumerate(colours):
        left, top = 26 + step * 56, 150 - step * 28
        brush.block(left, top, left + 44, 210, colour, radius=7)


def _sun(brush: _Brush, palette: Palette) -> None:
    brush.disc(206, 88, 58, palette.main)
    for top, height, colour in ((132, 44, palette.warm), (158, 36, palette.ink)):
        crest = _curve((0, top), (54, top - height), (106, top - height), (160, top))
        trough = _curve((160, top), (214, top + height), (266, top + height), (320, top))
        brush.shape([*crest, *trough, (320, 200), (0, 200)], colour)


def _orbit(brush: _Brush, palette: Palette) -> None:
    brush.ring(160, 100, 82, palette.main, 4)
    brush.ring(160, 100, 50, palette.ink, 3)
    brush.disc(160, 100, 24, palette.main)
    for x, y, radius, colour in ((232, 61, 15, palette.ink), (112, 112, 10, palette.warm), (98, 46, 8, palette.ink)):
        brush.disc(x, y, radius, colour)


def _grid(brush: _Brush, palette: Palette) -> None:
    colours = (palette.ink, palette.pale, palette.main, palette.paper, palette.warm)
    width, height = 40, 67
    for cell in range(24):
        column, row = cell % 8, cell // 8
        left, top = column * width, row * height
        colour = colours[(cell * 7 + row * 3) % len(colours)]
        if (cell * 5 + row) % 3:
            brush.quarter(left, top, width, height, colour)
        else:
            brush.block(left, top, left + width, top + height, colour)


def _wave(brush: _Brush, palette: Palette) -> None:
    colours = (palette.ink, palette.main, palette.warm, palette.main, palette.ink, palette.pale)
    for row, colour in enumerate(colours):
        y, swing = 46 + row * 27, 54 - row * 6
        rise = _curve((-10, y), (50, y - swing), (100, y + swing), (160, y))
        fall = _curve((160, y), (220, y - swing), (270, y + swing), (330, y))
        brush.line([*rise, *fall[1:]], colour, 11 - row)


_ARTS: Mapping[Art, Callable[[_Brush, Palette], None]] = {
    "arc": _arc,
    "steps": _steps,
    "sun": _sun,
    "orbit": _orbit,
    "grid": _grid,
    "wave": _wave,
}


def _curve(start: Point, first: Point, second: Point, end: Point, *, steps: int = 48) -> list[Point]:
    """Points of a cubic Bézier curve, both ends among them."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        corners = (start, first, second, end)
        points.append(
            (
                sum(weight * x for weight, (x, _) in zip(weights, corners, strict=True)),
                sum(weight * y for weight, (_, y) in zip(weights, corners, strict=True)),
            )
        )
    return points


def _colour(hue: int, saturation: int, lightness: int) -> Colour:
    """From HSL: degrees and percents."""
    red, green, blue = hls_to_rgb(hue % 360 / 360, lightness / 100, saturation / 100)
    return round(red * 255), round(green * 255), round(blue * 255)
