/** Centre crop and antialiased resizing, bit for bit as Pillow's BICUBIC does it; the page and the server use it. */

/** Pixels of a picture, opaque. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`, red, green and blue, 0…255. */
  readonly rgb: Uint8Array<ArrayBuffer>;
}

/** Fraction bits of a filter's weights: 8 bits stay for the value and 2 for overshoot. */
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/** Reach of the bicubic filter, in pixels of the smaller of the two pictures. */
const SUPPORT = 2;

/** Where each output pixel reads from, and with which weights. */
interface Taps {
  /** First input pixel of each output pixel. */
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `[output, size]` weights, in units of 2^−FRACTION_BITS. */
  readonly weights: Int32Array;
  readonly size: number;
}

/** Leaves out the fourth of each four values. */
export function withoutAlpha(rgba: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}

/** Width and height in pixels. */
interface Sides {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of a picture, in pixels. */
interface Part extends Sides {
  readonly left: number;
  readonly top: number;
}

/** Where the largest part of a picture lies that has the shape of `like`: in the middle, in whole pixels. */
export function centreCrop({ width, height }: Sides, like: Sides): Part {
  const wide = width * like.height > height * like.width;
  const crop = wide
    ? { width: Math.max(1, Math.round(height * like.width / like.height)), height }
    : { width, height: Math.max(1, Math.round(width * like.height / like.width)) };
  return { ...crop, left: Math.floor((width - crop.width) / 2), top: Math.floor((height - crop.height) / 2) };
}

/** Crops the largest part of the shape of `like` out of the middle. */
export function cropTo(picture: Picture, like: Sides): Picture {
  const { width, height, left, top } = centreCrop(picture, like);
  if (width === picture.width && height === picture.height) return picture;
  const cropped = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((top + row) * picture.width + left);
    cropped.set(picture.rgb.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { width, height, rgb: cropped };
}

/** Crops the largest square out of the middle. */
export function cropSquare(picture: Picture): Picture {
  return cropTo(picture, { width: 1, height: 1 });
}

/** Resizes a picture; a side that already has its length is not filtered. */
export function resize(picture: Picture, width: number, height: number): Picture {
  const { width: from, height: rows } = picture;
  const wide = from === width
    ? picture
    : resizeRows(picture, { left: 0, top: 0, width: from, height: rows }, width);
  return wide.height === height ? wide : resizeColumns(wide, height);
}

/** What a model sees of a picture: its own pixels where it has the input's size, else cropped and resized (F8). */
export function fitInput(picture: Picture, width: number, height: number): Picture {
  if (picture.width === width && picture.height === height) return picture;
  const crop = centreCrop(picture, { width, height });
  if (crop.width === width) return resize(cropTo(picture, { width, height }), width, height);
  // The part is read where it lies: a frame of a film is large, and a copy of it costs time.
  const wide = resizeRows(picture, crop, width);
  return wide.height === height ? wide : resizeColumns(wide, height);
}

/**
 * Resizes each row of a part of a picture. Products and sums are of 32-bit integers, as Pillow's are: a sum overshoots
 * 8 bits by less than the 2 that are left for it.
 */
function resizeRows({ width: stride, rgb }: Picture, part: Part, width: number): Picture {
  const { left, top, height } = part;
  const { starts, counts, weights, size } = taps(part.width, width);
  const output = new Uint8ClampedArray(width * height * 3);
  for (let row = 0, to = 0; row < height; row++) {
    const line = 3 * ((top + row) * stride + left);
    for (let column = 0; column < width; column++, to += 3) {
      let red = HALF, green = HALF, blue = HALF;
      let at = line + 3 * (starts[column] as number);
      const end = column * size + (counts[column] as number);
      for (let tap = column * size; tap < end; tap++, at += 3) {
        const weight = weights[tap] as number;
        red = red + Math.imul(rgb[at] as number, weight) | 0;
        green = green + Math.imul(rgb[at + 1] as number, weight) | 0;
        blue = blue + Math.imul(rgb[at + 2] as number, weight) | 0;
      }
      output[to] = red >> FRACTION_BITS;
      output[to + 1] = green >> FRACTION_BITS;
      output[to + 2] = blue >> FRACTION_BITS;
    }
  }
  return { width, height, rgb: new Uint8Array(output.buffer) };
}

function resizeColumns({ width, height: from, rgb }: Picture, height: number): Picture {
  const { starts, counts, weights, size } = taps(from, height);
  const output = new Uint8ClampedArray(width * height * 3);
  const sums = new Int32Array(3 * width);
  for (let row = 0; row < height; row++) {
    sums.fill(HALF);
    for (let tap = 0; tap < (counts[row] ?? 0); tap++) {
      const weight = weights[row * size + tap] as number;
      const line = 3 * width * ((starts[row] ?? 0) + tap);
      for (let i = 0; i < sums.length; i++) {
        sums[i] = (sums[i] as number) + Math.imul(rgb[line + i] as number, weight);
      }
    }
    for (let i = 0; i < sums.length; i++) output[3 * width * row + i] = (sums[i] as number) >> FRACTION_BITS;
  }
  return { width, height, rgb: new Uint8Array(output.buffer) };
}

/** The newest filters: the frames of a video all need the same two. */
const known = new Map<string, Taps>();

/** Filters that are remembered; the oldest is forgotten first. */
const KEPT_TAPS = 4;

function taps(from: number, to: number): Taps {
  const key = `${from}:${to}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = makeTaps(from, to);
  known.set(key, made);
  const [oldest = key] = known.keys();
  if (known.size > KEPT_TAPS) known.delete(oldest);
  return made;
}

/** Samples the filter around each output pixel's centre; a reduction stretches it, which is the antialiasing. */
function makeTaps(from: number, to: number): Taps {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  const size = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Int32Array(to * size);
  for (let output = 0; output < to; output++) {
    const centre = (output + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const row: number[] = [];
    for (let input = start; input < end; input++) row.push(bicubic((input - centre + 0.5) / stretch));
    const sum = row.reduce((total, value) => total + value, 0);
    starts[output] = start;
    counts[output] = row.length;
    for (const [tap, value] of row.entries()) {
      weights[output * size + tap] = roundAway(value / sum * 2 ** FRACTION_BITS);
    }
  }
  return { starts, counts, weights, size };
}

/** Keys' cubic with a = −0.5. */
function bicubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

function roundAway(value: number): number {
  return Math.trunc(value + (value < 0 ? -0.5 : 0.5));
}
