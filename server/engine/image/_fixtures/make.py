"""Makes the pictures of this folder and what Pillow reads in them. Run: pip install pillow==13.0.0 numpy==2.4.6; python make.py"""
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

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


def orientation_of(number):
    exif = Image.Exif()
    exif[0x0112] = number
    return exif


def upright(name):
    """What Pillow shows of a file: turned upright, over white."""
    image = ImageOps.exif_transpose(Image.open(HERE / name))
    if image.mode == "CMYK":
        return np.asarray(image.convert("RGB"))
    rgba = np.asarray(image.convert("RGBA"))
    return over_white(rgba[..., :3], rgba[..., 3])


def write_turned_png(name, rgb, orientation):
    alpha = np.full(rgb.shape[:2], 255, np.uint8)
    alpha[0, :2] = (0, 100)
    Image.fromarray(np.dstack([rgb, alpha])).save(HERE / name, exif=orientation_of(orientation))
    expect(name, upright(name))


def write_odd_jpegs():
    """Files that every viewer shows although they are not written by the book."""
    plain = (HERE / "baseline.jpg").read_bytes()
    revision = plain.index(b"JFIF\0") + 5
    scan = plain.index(b"\xff\xda")
    spectrum = scan + 2 + int.from_bytes(plain[scan + 2 : scan + 4], "big") - 3
    thumbnail = b"\xff\xda\xff\xd9"
    odd = {
        "jfif-2.jpg": plain[:revision] + b"\2" + plain[revision + 1 :],
        "no-spectrum.jpg": plain[:spectrum] + b"\0\0\0" + plain[spectrum + 3 :],
        "motion.jpg": plain + b"\0\0\0\x18ftypmp42" + thumbnail + plain[:300],
        "inner.jpg": plain[:2] + b"\xff\xe3" + struct.pack(">H", len(thumbnail) + 2) + thumbnail + plain[2:],
    }
    for name, data in odd.items():
        (HERE / name).write_bytes(data)
        expect(name, upright(name))


def write_inks(rgb):
    """Four inks, as plain numbers and as YCCK, which Pillow reads and does not write: the same file, marked so."""
    black = np.clip(rgb[..., ::-1].min(-1), 20, 235)
    inks = Image.fromarray(np.dstack([rgb, black]), "CMYK")
    kinds = {
        "": {"subsampling": 0},
        "-subsampled": {"subsampling": 2},
        "-progressive": {"subsampling": 2, "progressive": True},
        "-restarts": {"subsampling": 0, "restart_marker_blocks": 2},
    }
    for suffix, options in kinds.items():
        name = f"cmyk{suffix}.jpg"
        inks.save(HERE / name, quality=90, **options)
        expect(name, upright(name))
        data = bytearray((HERE / name).read_bytes())
        data[data.index(b"Adobe") + 11] = 2
        (HERE / f"ycck{suffix}.jpg").write_bytes(data)
        expect(f"ycck{suffix}.jpg", upright(f"ycck{suffix}.jpg"))
    # Tables, but no marker of Adobe's.
    data = (HERE / "cmyk.jpg").read_bytes()
    marker = data.index(b"Adobe") - 4
    (HERE / "cmyk-bare.jpg").write_bytes(data[:marker] + data[marker + 16 :])
    expect("cmyk-bare.jpg", upright("cmyk-bare.jpg"))


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
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(rgb).save(HERE / "turned.jpg", quality=90, exif=exif)
    expect("turned.jpg", np.rot90(np.asarray(Image.open(HERE / "turned.jpg").convert("RGB")), -1))

    small = scene(3, 5)
    for orientation in range(1, 9):
        write_turned_png(f"turned-{orientation}.png", small, orientation)

    write_odd_jpegs()
    write_inks(rgb)

    # Resizing: a tall picture, its middle square made smaller and larger with Pillow's antialiased BICUBIC.
    tall = scene(71, 53)
    Image.fromarray(tall).save(HERE / "tall.png")
    square = Image.fromarray(tall).crop((0, 9, 53, 62))
    for side in (16, 40, 53, 90):
        expect(f"tall-{side}", square.resize((side, side), Image.BICUBIC))


main()
