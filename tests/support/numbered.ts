/** Pictures that carry their number as black and white blocks, to be read back from whatever became of them. */
import { Random } from "./random.ts";

/** Numbers of one round; the camera begins again after it. */
export const ROUND = 120;

const WIDTH = 640;
const HEIGHT = 480;
/** Seven bits in eight places: a film has its caption over the first one. */
const BITS = 7;
const PLACES = 8;
const [BLACK, GREY, WHITE] = [16, 128, 235];

const HEADER = new TextEncoder().encode(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F30:1 Ip A1:1 C420jpeg\n`);
const FRAME = new TextEncoder().encode("FRAME\n");

/** Any noise will do. */
const NOISE_SEED = 1;

/** Between black and white where a film dims what lies around the square. */
const DIM_GREY = 54;

/** On both sides of the centre square, as a film may be mirrored, where no heatmap lies: one block below the other. */
const BAND_WIDTH = (WIDTH - HEIGHT) / 2;
/** Along the top of the centre square: one block beside the other. */
const BLOCK = HEIGHT / PLACES;

/** Makes a video of numbered pictures for Chromium's fake camera, 30 a second. */
export async function makeNumberedWebcam(folder: string): Promise<string> {
  const path = `${folder}/numbered.y4m`;
  using file = await Deno.open(path, { write: true, create: true });
  const writer = file.writable.getWriter();
  await writer.write(HEADER);
  for (let number = 0; number < ROUND; number++) {
    await writer.write(FRAME);
    await writer.write(numbered(number));
  }
  await writer.close();
  return path;
}

/** Makes a video of noise for the fake camera: no codec makes it small. */
export async function makeNoisyWebcam(folder: string): Promise<string> {
  const path = `${folder}/noise.y4m`;
  using file = await Deno.open(path, { write: true, create: true });
  const writer = file.writable.getWriter();
  await writer.write(HEADER);
  const noise = new Random(NOISE_SEED);
  for (let count = 0; count < 30; count++) {
    await writer.write(FRAME);
    await writer.write(noise.bytes(WIDTH * HEIGHT * 3 / 2));
  }
  await writer.close();
  return path;
}

function numbered(number: number): Uint8Array<ArrayBuffer> {
  const planes = new Uint8Array(WIDTH * HEIGHT * 3 / 2).fill(GREY);
  for (let bit = 0; bit < BITS; bit++) {
    const value = (number >> bit & 1) === 1 ? WHITE : BLACK;
    for (let y = 0; y < BLOCK; y++) {
      const below = ((bit + 1) * BLOCK + y) * WIDTH;
      planes.fill(value, below, below + BAND_WIDTH - 8);
      planes.fill(value, below + WIDTH - BAND_WIDTH + 8, below + WIDTH);
      const beside = y * WIDTH + BAND_WIDTH + bit * BLOCK;
      planes.fill(value, beside, beside + BLOCK);
    }
  }
  return planes;
}

/** Reads the number from the band at the left of a film's picture, `[height, width]` grey values. */
export function numberOfWhole(grey: Uint8Array): number {
  return read((bit) => grey[((bit + 1) * BLOCK + BLOCK / 2) * WIDTH + BAND_WIDTH / 2] ?? 0, DIM_GREY);
}

/** Reads the number from the top of a centre square with `side` px along each side. */
export function numberOfSquare(grey: Uint8Array, side: number): number {
  const block = side / PLACES;
  return read((bit) => grey[Math.round(block / 2) * side + Math.round((bit + 0.5) * block)] ?? 0, GREY);
}

function read(at: (bit: number) => number, middle: number): number {
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) if (at(bit) > middle) number |= 1 << bit;
  return number;
}

/** Decodes every picture of a film, or of JPEGs one after the other, with ffmpeg: grey values, each once. */
export async function greyPictures(path: string, bytesEach: number): Promise<Uint8Array[]> {
  const { success, stdout, stderr } = await new Deno.Command("ffmpeg", {
    args: [
      "-loglevel",
      "error",
      "-i",
      path,
      "-fps_mode",
      "passthrough",
      "-f",
      "rawvideo",
      "-pix_fmt",
      "gray",
      "-",
    ],
    stdin: "null",
  }).output();
  if (!success) {
    throw new Error(`Cannot decode ${path}: ffmpeg failed: ${new TextDecoder().decode(stderr)}`);
  }
  return Array.from(
    { length: Math.floor(stdout.length / bytesEach) },
    (_, index) => stdout.subarray(index * bytesEach, (index + 1) * bytesEach),
  );
}

/** Bytes of a whole grey picture. */
export const WHOLE_BYTES = WIDTH * HEIGHT;

/** What ffprobe says of a file. */
export interface Probed {
  readonly format: { readonly duration: string };
  readonly streams: readonly {
    readonly codec_type: string;
    readonly codec_name: string;
    readonly nb_read_frames: string;
    readonly width?: number;
    readonly height?: number;
  }[];
}

/** Asks ffprobe, which counts by decoding. */
export async function probe(path: string): Promise<Probed> {
  const { success, stdout, stderr } = await new Deno.Command("ffprobe", {
    args: ["-loglevel", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", path],
    stdin: "null",
  }).output();
  if (!success) throw new Error(`Cannot probe ${path}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
