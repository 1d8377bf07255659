"""Makes the pictures of this folder and what Pillow reads in them. Run: pip install pillow==13.0.0 numpy==2.4.6; python make.py"""
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 37, 23


def scene(height, width):
    """Smooth colours with a few hard edges."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    red = 127 + 120 * np.sin(x / 5) * np.cos(y / 7)
    green = 255 * x / (width - 1)
    blue = np.where((x // 6 + y // 5) % 2 == 0, 230, 25)
    return np.stack([red, green, blue], -1).round().astype(np.uint8)


def expect(name, rgb):
    np.save(HERE / f"{name}.npy", np.asarray(rgb, np.uint8))


def over_white(rgb, alpha):
    alpha = alpha.astype(np.float64)[..., None]
    return np.floor((rgb * alpha + 255 * (255 - alpha)) / 255 + 0.5)


def save(name, image, rgb, **options):
    image.save(HERE / name, **options)
    expect(name, rgb)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(name, depth, colour, rows, interlaced=False, extra=b""):
    """Writes a PNG by hand, for the kinds that Pillow does not write; rows: packed bytes, each with its filter."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, int(interlaced))
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    (HERE / name).write_bytes(b"\x89PNG\r\n\x1a\n" + body)


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def main():
    rgb = scene(HEIGHT, WIDTH)
    grey = rgb[..., 0]
    alpha = np.broadcast_to(np.linspace(0, 255, WIDTH).round().astype(np.uint8), (HEIGHT, WIDTH))

    save("rgb.png", Image.fromarray(rgb), rgb)
    save("rgba.png", Image.fromarray(np.dstack([rgb, alpha])), over_white(rgb, alpha))
    save("grey.png", Image.fromarray(grey), np.repeat(grey[..., None], 3, -1))
    save("grey-alpha.png", Image.fromarray(np.dstack([grey, alpha])), over_white(np.repeat(grey[..., None], 3, -1), alpha))
    palette = Image.fromarray(rgb).quantize(13)
    save("palette.png", palette, palette.convert("RGB"), bits=4)
    one_bit = Image.fromarray(((grey > 127) * 255).astype(np.uint8)).convert("1")
    save("one-bit.png", one_bit, one_bit.convert("RGB"))

    transparent = palette.copy()
    entries = bytes([0, 128] + [255] * 11)
    indexes = np.asarray(palette)
    colours = np.asarray(palette.convert("RGB"))
    save("palette-alpha.png", transparent, over_white(colours, np.frombuffer(entries, np.uint8)[indexes]), transparency=entries)

    keyed = rgb.copy()
    keyed[5:9, 5:9] = (255, 0, 255)
    shown = keyed.copy()
    shown[5:9, 5:9] = 255
    save("rgb-key.png", Image.fromarray(keyed), shown, transparency=(255, 0, 255))

    wide = np.clip(rgb.astype(np.float64) * 257 + np.arange(WIDTH)[None, :, None] * 3, 0, 65535).astype(np.uint16)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in wide)
    write_png("rgb-16.png", 16, 2, rows)
    expect("rgb-16.png", np.floor(wide / 257 + 0.5))

    passes = b""
    for x, y, dx, dy in ADAM7:
        for row in rgb[y::dy, x::dx]:
            passes += b"\0" + row.tobytes()
    write_png("interlaced.png", 8, 2, passes, interlaced=True)
    expect("interlaced.png", rgb)

    for name, options in {"baseline.jpg": {}, "progressive.jpg": {"progressive": True}}.items():
        Image.fromarray(rgb).save(HERE / name, quality=90, **options)
        expect(name, Image.open(HERE / name).convert("RGB"))
    Image.fromarray(grey).save(HERE / "grey.jpg", quality=90)
    expect("grey.jpg", Image.open(HERE / "grey.jpg").convert("RGB"))
    Image.new("CMYK", (20, 20), (10, 200, 30, 40)).save(HERE / "cmyk.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(rgb).save(HERE / "turned.jpg", quality=90, exif=exif)
    expect("turned.jpg", np.rot90(np.asarray(Image.open(HERE / "turned.jpg").convert("RGB")), -1))

    # Resizing: a tall picture, its middle square made smaller and larger with Pillow's antialiased BICUBIC.
    tall = scene(71, 53)
    Image.fromarray(tall).save(HERE / "tall.png")
    square = Image.fromarray(tall).crop((0, 9, 53, 62))
    for side in (16, 40, 53, 90):
        expect(f"tall-{side}", square.resize((side, side), Image.BICUBIC))


main()
