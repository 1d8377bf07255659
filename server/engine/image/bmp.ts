/** BMP to pixels, by hand. */
import { type BmpFile, type Channel, readBmp } from "./bmp_file.ts";
import { corrupt, overWhite, type Picture } from "./picture.ts";

/** Decodes a BMP; alpha, where its masks name one, lies on white. */
export function decodeBmp(bytes: Uint8Array): Picture {
  const file = readBmp(bytes);
  const { width, height, topDown, bits } = file;
  const rgb = new Uint8Array(width * height * 3);
  const { rows, stride } = file.packing === "plain"
    ? plainRows(file)
    : { rows: unpackRuns(file), stride: width };
  const pixel = bits > 8 ? maskedPixel(file) : palettePixel(file, file.packing === "plain" ? bits : 8);
  for (let row = 0; row < height; row++) {
    const line = rows.subarray(row * stride, (row + 1) * stride);
    const to = 3 * width * (topDown ? row : height - 1 - row);
    for (let column = 0; column < width; column++) pixel(line, column, rgb, to + 3 * column);
  }
  return { width, height, rgb };
}

type PixelReader = (line: Uint8Array, column: number, rgb: Uint8Array, to: number) => void;

/** Rows end at whole groups of four bytes. */
function plainRows({ width, height, bits, pixels }: BmpFile): { rows: Uint8Array; stride: number } {
  const stride = Math.ceil(width * bits / 32) * 4;
  const last = Math.ceil(width * bits / 8);
  const wanted = height === 0 ? 0 : stride * (height - 1) + last;
  if (pixels.length < wanted) throw corrupt(`expected a BMP's rows to have ${wanted} bytes`, pixels.length);
  return { rows: pixels, stride };
}

function palettePixel({ palette }: BmpFile, bits: number): PixelReader {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (line, column, rgb, to) => {
    const byte = line[Math.floor(column / perByte)] ?? 0;
    const entry = 3 * (byte >> (8 - bits * (column % perByte + 1)) & mask);
    rgb[to] = palette[entry] ?? 0;
    rgb[to + 1] = palette[entry + 1] ?? 0;
    rgb[to + 2] = palette[entry + 2] ?? 0;
  };
}

function maskedPixel({ bits, channels }: BmpFile): PixelReader {
  const size = bits / 8;
  const alpha = channels[3] ?? { shift: 0, top: 0 };
  return (line, column, rgb, to) => {
    let value = 0;
    for (let byte = size - 1; byte >= 0; byte--) value = value << 8 | (line[column * size + byte] ?? 0);
    const opacity = alpha.top === 0 ? 255 : eightBits(value, alpha);
    for (let channel = 0; channel < 3; channel++) {
      rgb[to + channel] = overWhite(eightBits(value, channels[channel] ?? alpha), opacity);
    }
  };
}

function eightBits(value: number, { shift, top }: Channel): number {
  if (top === 0) return 0;
  const bits = (value >>> shift & top) >>> 0;
  return top === 255 ? bits : Math.floor(bits * 255 / top);
}

/** Undoes the packing in runs; what a file skips has the first colour. */
function unpackRuns({ width, height, packing, pixels }: BmpFile): Uint8Array {
  const values = new Uint8Array(width * height);
  const four = packing === "runs-4";
  let at = 0;
  let [row, column] = [0, 0];
  const next = () => {
    const byte = pixels[at++];
    if (byte === undefined) throw corrupt("expected a BMP's runs to have an end", "a file that is cut short");
    return byte;
  };
  const put = (value: number) => {
    if (column < width && row < height) values[row * width + column] = value;
    column++;
  };
  while (row < height) {
    const count = next();
    const second = next();
    if (count > 0) {
      for (let i = 0; i < count; i++) put(four ? i % 2 === 0 ? second >> 4 : second & 15 : second);
    } else if (second === 0) [row, column] = [row + 1, 0];
    else if (second === 1) break;
    else if (second === 2) [column, row] = [column + next(), row + next()];
    else {
      for (let i = 0, byte = 0; i < second; i++) {
        if (!four || i % 2 === 0) byte = next();
        put(four ? i % 2 === 0 ? byte >> 4 : byte & 15 : byte);
      }
      at += at % 2 === 0 ? 0 : 1; // Values that stand as they are fill up whole groups of two bytes.
    }
  }
  return values;
}
