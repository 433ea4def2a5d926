"""The videos of the demo's lessons: a title on the course's artwork, a bar that shows the time, a bell each second."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_ko import sans_path

from entrypoints.demo.artwork import Art, Palette, picture

WIDTH, HEIGHT = 640, 360
FRAMES_PER_SECOND = 10
BAR_HEIGHT = 8
# A major pentatonic scale from A3: whichever lesson follows which, it sounds well.
SCALE_HZ = (220.0, 247.5, 277.2, 330.0, 370.0, 440.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What a lesson's video shows. `number` is the lesson's in its course, from 1."""

    course: str
    title: str
    number: int
    seconds: int
    art: Art
    hue: int


def make_film(film: Film, folder: Path, *, ffmpeg_path: str = "") -> Path:
    """The video, an MP4 in `folder`. Raises CalledProcessError with what ffmpeg said."""
    card, target = folder / "card.png", folder / "film.mp4"
    _card(film).save(card, compress_level=1)
    bar = "#{:02x}{:02x}{:02x}".format(*Palette.of(film.hue).main)
    note = SCALE_HZ[film.number % len(SCALE_HZ)]
    arguments = (
        *("-v", "error", "-nostdin", "-y", "-threads", "1"),
        *("-framerate", str(FRAMES_PER_SECOND), "-i", card),
        *("-f", "lavfi", "-i", f"color=c={bar}:s={WIDTH}x{BAR_HEIGHT}:r={FRAMES_PER_SECOND}:d={film.seconds}"),
        *("-f", "lavfi", "-i", f"aevalsrc=0.2*sin(2*PI*{note}*t)*exp(-4*mod(t\\,1)):s=24000:d={film.seconds}"),
        *(
            "-filter_complex",
            f"[0]loop=loop=-1:size=1[card];[card][1]overlay=x='-W+W*t/{film.seconds}':y=H-{BAR_HEIGHT}:shortest=1,format=yuv420p[v]",
        ),
        *("-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20"),
        *("-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart", target),
    )
    subprocess.run([ffmpeg_path or get_ffmpeg_exe(), *map(str, arguments)], check=True, capture_output=True)  # noqa: S603 - no shell
    return target


def _card(film: Film) -> Image.Image:
    """The artwork on the right, and on the left what the lesson is."""
    palette = Palette.of(film.hue)
    card = Image.new("RGB", (WIDTH, HEIGHT), palette.ink)
    art = picture(film.art, film.hue).resize((576, HEIGHT), Image.Resampling.BOX)
    card.paste(art.crop((160, 0, 416, HEIGHT)), (WIDTH - 256, 0))
    draw = ImageDraw.Draw(card)
    draw.text((32, 36), _fitted(film.course, 16, 320)[0], font=_font(16), fill=palette.pale)
    draw.text((32, 84), str(film.number), font=_font(64), fill=palette.warm)
    draw.multiline_text(
        (32, 176), "\n".join(_fitted(film.title, 28, 320)), font=_font(28), fill=palette.paper, spacing=8
    )
    return card


def _fitted(text: str, size: int, width: int) -> list[str]:
    """The text in lines that are no wider than that."""
    font = _font(size)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(sans_path(), size)
