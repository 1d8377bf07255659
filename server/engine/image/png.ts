/**
 * PNG to pixels.
 *
 * By hand rather than with a WebAssembly codec: that one traps on a damaged file, keeps what it had allocated, and
 * cannot be started again.
 */
import { orient } from "./orient.ts";
import { corrupt, type Picture } from "./picture.ts";
import { type PngHeader, readPngFile } from "./png_file.ts";
import { pixelReader } from "./png_pixel.ts";

/** A part of an interlaced picture, or the whole of another: every `dx`-th pixel of every `dy`-th row. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/**
 * Decodes a PNG of any kind; what is transparent shows white, 16 bits are rounded to 8, and EXIF data turns it
 * upright.
 */
export function decodePng(bytes: Uint8Array): Picture {
  const file = readPngFile(bytes, rowBytes);
  const { width, height } = file.header;
  const rgb = new Uint8Array(width * height * 3);
  const pixel = pixelReader(file);
  let at = 0;
  for (const pass of passes(file.header)) {
    const { columns, rows, stride } = layout(file.header, pass);
    const lines = unfilter(
      file.rows.subarray(at, at + rows * (stride + 1)),
      rows,
      stride,
      pixelBytes(file.header),
    );
    at += rows * (stride + 1);
    for (let row = 0; row < rows; row++) {
      const line = lines.subarray(row * (stride + 1) + 1, (row + 1) * (stride + 1));
      for (let column = 0; column < columns; column++) {
        const to = 3 * ((pass.y + row * pass.dy) * width + pass.x + column * pass.dx);
        pixel(line, column, rgb, to);
      }
    }
  }
  return orient({ width, height, rgb }, file.orientation);
}

function passes(header: PngHeader): readonly Pass[] {
  return header.interlaced ? ADAM7 : WHOLE;
}

/** Pixels and bytes of a pass; one without a column has no rows either. */
function layout(
  header: PngHeader,
  { x, y, dx, dy }: Pass,
): { columns: number; rows: number; stride: number } {
  const columns = Math.max(0, Math.ceil((header.width - x) / dx));
  const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((header.height - y) / dy));
  return { columns, rows, stride: Math.ceil(columns * header.colour.samples * header.depth / 8) };
}

function rowBytes(header: PngHeader): number {
  return passes(header).reduce((sum, pass) => {
    const { rows, stride } = layout(header, pass);
    return sum + rows * (stride + 1);
  }, 0);
}

/** How far back a filter's left neighbour lies. */
function pixelBytes({ colour, depth }: PngHeader): number {
  return Math.max(1, colour.samples * depth / 8);
}

/** Undoes the rows' filters in place. */
function unfilter(lines: Uint8Array, rows: number, stride: number, step: number): Uint8Array {
  for (let row = 0; row < rows; row++) {
    const start = row * (stride + 1) + 1;
    const filter = lines[start - 1] ?? 0;
    if (filter > 4) throw corrupt("expected a row's filter to be 0 to 4", filter);
    for (let i = 0; filter > 0 && i < stride; i++) {
      const left = i >= step ? lines[start + i - step] ?? 0 : 0;
      const up = row > 0 ? lines[start + i - stride - 1] ?? 0 : 0;
      const corner = row > 0 && i >= step ? lines[start + i - stride - 1 - step] ?? 0 : 0;
      const value = lines[start + i] ?? 0;
      lines[start + i] = value + predict(filter, left, up, corner);
    }
  }
  return lines;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
