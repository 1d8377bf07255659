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


def write_webps(rgb, alpha):
    clear = Image.fromarray(np.dstack([rgb, alpha]))
    plain = Image.fromarray(rgb)
    kinds = {
        "lossy.webp": (plain, {"quality": 80}),
        "lossy-alpha.webp": (clear, {"quality": 80}),
        "lossless.webp": (plain, {"lossless": True}),
        "lossless-alpha.webp": (clear, {"lossless": True, "exact": True}),
        "moving.webp": (clear, {"lossless": True, "exact": True, "save_all": True, "append_images": [clear.rotate(180)]}),
        "moving-lossy.webp": (clear, {"quality": 80, "save_all": True, "append_images": [clear.rotate(180)]}),
    }
    for name, (image, options) in kinds.items():
        image.save(HERE / name, **options)
        expect(name, upright(name))
    # Browsers do not turn a WebP, whatever its EXIF data says; an odd number of bytes there has to be stepped over.
    plain.save(HERE / "turned.webp", lossless=True, exif=orientation_of(6).tobytes() + b"\0")
    expect("turned.webp", rgb)


def write_avifs(rgb, alpha, small):
    clear = Image.fromarray(np.dstack([rgb, alpha]))
    plain = Image.fromarray(rgb)
    kinds = {
        "420.avif": (plain, {"quality": 75, "subsampling": "4:2:0"}),
        "444.avif": (plain, {"quality": 90, "subsampling": "4:4:4"}),
        "alpha.avif": (clear, {"quality": 90, "subsampling": "4:4:4"}),
        "moving.avif": (plain, {"quality": 75, "save_all": True, "append_images": [plain.rotate(180)]}),
    }
    for name, (image, options) in kinds.items():
        image.save(HERE / name, **options)
        expect(name, upright(name))
    for orientation in range(1, 9):
        name = f"turned-{orientation}.avif"
        Image.fromarray(small).save(HERE / name, quality=100, subsampling="4:4:4", exif=orientation_of(orientation))
        expect(name, upright(name))


def write_large_avif():
    """A large picture of one colour: few bytes, and memory for all of its pixels."""
    Image.new("RGB", (3000, 2000), (10, 200, 30)).save(HERE / "large.avif", quality=50, speed=10)


def write_gifs(rgb):
    palette = Image.fromarray(rgb).quantize(13)
    noise = np.random.default_rng(1).integers(0, 256, (150, 150, 3), np.uint8)
    kinds = {
        "plain.gif": (palette, {"interlace": 0}),
        "interlaced.gif": (palette, {"interlace": 1}),
        "transparent.gif": (palette, {"transparency": 3}),
        "moving.gif": (palette, {"save_all": True, "append_images": [palette.rotate(180)]}),
        # Long enough for codes of 12 bits and a table that is begun again.
        "noise.gif": (Image.fromarray(noise).quantize(256), {}),
    }
    for name, (image, options) in kinds.items():
        image.save(HERE / name, **options)
        expect(name, upright(name))
    # A first picture that covers a part of the screen: the rest shows nothing, which is white.
    data = bytearray((HERE / "plain.gif").read_bytes())
    data[6:10] = struct.pack("<HH", WIDTH + 5, HEIGHT + 4)
    descriptor = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    while data[descriptor] == 0x21:
        descriptor += 2
        while data[descriptor]:
            descriptor += data[descriptor] + 1
        descriptor += 1
    data[descriptor + 1 : descriptor + 5] = struct.pack("<HH", 3, 2)
    (HERE / "part.gif").write_bytes(data)
    screen = np.full((HEIGHT + 4, WIDTH + 5, 3), 255)
    screen[2 : 2 + HEIGHT, 3 : 3 + WIDTH] = np.asarray(palette.convert("RGB"))
    expect("part.gif", screen)


def write_bmp(name, bits, rows, compression=0, masks=(), palette=b"", header=40, top_down=False):
    """Writes a BMP by hand, for the kinds that Pillow does not write; rows as they stand in the file."""
    height = -HEIGHT if top_down else HEIGHT
    fields = struct.pack("<IiiHHIIiiII", header, WIDTH, height, 1, bits, compression, len(rows), 0, 0, len(palette) // 4, 0)
    fields += b"".join(struct.pack("<I", mask) for mask in masks)
    fields += b"\0" * max(0, header - len(fields))
    offset = 14 + len(fields) + len(palette)
    (HERE / name).write_bytes(struct.pack("<2sIHHI", b"BM", offset + len(rows), 0, 0, offset) + fields + palette + rows)


def write_bmps(rgb):
    plain = Image.fromarray(rgb)
    palette = plain.quantize(13)
    for name, image in {"rgb.bmp": plain, "palette.bmp": palette, "one-bit.bmp": plain.convert("1")}.items():
        image.save(HERE / name)
        expect(name, upright(name))

    bottom_up = rgb[::-1].astype(np.uint32)
    five = (bottom_up[..., 0] >> 3 << 10) | (bottom_up[..., 1] >> 3 << 5) | (bottom_up[..., 2] >> 3)
    six = (bottom_up[..., 0] >> 3 << 11) | (bottom_up[..., 1] >> 2 << 5) | (bottom_up[..., 2] >> 3)
    ramp = np.broadcast_to(np.linspace(0, 255, WIDTH).round().astype(np.uint32), (HEIGHT, WIDTH))
    wide = ramp << 24 | bottom_up[..., 0] << 16 | bottom_up[..., 1] << 8 | bottom_up[..., 2]
    bytes_of = lambda values, kind: b"".join(row.astype(kind).tobytes().ljust(-(-row.size * np.dtype(kind).itemsize // 4) * 4, b"\0") for row in values)
    write_bmp("555.bmp", 16, bytes_of(five, "<u2"))
    write_bmp("565.bmp", 16, bytes_of(six, "<u2"), 3, (0xF800, 0x7E0, 0x1F))
    write_bmp("32.bmp", 32, bytes_of(wide, "<u4"))
    write_bmp("alpha.bmp", 32, bytes_of(wide, "<u4"), 3, (0xFF0000, 0xFF00, 0xFF, 0xFF000000), header=108)
    write_bmp("top-down.bmp", 32, bytes_of(wide, "<u4"), top_down=True)

    colours = np.asarray(palette.getpalette(), np.uint8)[: 13 * 3].reshape(13, 3)
    table = b"".join(bytes([b, g, r, 0]) for r, g, b in colours)
    values = np.asarray(palette)[::-1]
    fours = [bytes((row[i] << 4) | (row[i + 1] if i + 1 < WIDTH else 0) for i in range(0, WIDTH, 2)) for row in values]
    write_bmp("four-bit.bmp", 4, b"".join(row.ljust(20, b"\0") for row in fours), palette=table)
    eights = b""
    for row in values:
        # Half as it stands, half in runs.
        eights += bytes([0, 19]) + row[:19].tobytes() + b"\0"
        eights += b"".join(bytes([1, value]) for value in row[19:]) + b"\0\0"
    write_bmp("runs-8.bmp", 8, eights + b"\0\1", 1, palette=table)
    runs = b""
    for row in values:
        runs += b"".join(bytes([2, row[i] << 4 | row[i + 1]]) for i in range(0, 36, 2)) + bytes([1, row[36] << 4]) + b"\0\0"
    write_bmp("runs-4.bmp", 4, runs + b"\0\1", 2, palette=table)
    for name in ("555", "565", "32", "alpha", "top-down", "four-bit", "runs-8", "runs-4"):
        expect(f"{name}.bmp", upright(f"{name}.bmp"))
    # The oldest header, of 12 bytes and three bytes a colour.
    core = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 4) + b"".join(bytes([b, g, r]) for r, g, b in colours) + b"\0" * 9
    pixels = b"".join(row.ljust(20, b"\0") for row in fours)
    (HERE / "core.bmp").write_bytes(struct.pack("<2sIHHI", b"BM", 14 + len(core) + len(pixels), 0, 0, 14 + len(core)) + core + pixels)
    expect("core.bmp", upright("core.bmp"))


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

    plain = Image.fromarray(rgb)
    plain.save(HERE / "moving.png", save_all=True, append_images=[plain.rotate(180)])
    expect("moving.png", rgb)

    write_odd_jpegs()
    write_inks(rgb)
    write_webps(rgb, alpha)
    write_avifs(rgb, alpha, small)
    write_large_avif()
    write_gifs(rgb)
    write_bmps(rgb)

    # Resizing: a tall picture, its middle square made smaller and larger with Pillow's antialiased BICUBIC.
    tall = scene(71, 53)
    Image.fromarray(tall).save(HERE / "tall.png")
    square = Image.fromarray(tall).crop((0, 9, 53, 62))
    for side in (16, 40, 53, 90):
        expect(f"tall-{side}", square.resize((side, side), Image.BICUBIC))


main()
