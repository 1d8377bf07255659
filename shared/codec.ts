/** Binary messages: frames to the server, tiles to the client; little-endian, fixed headers (PROTOCOL.md F and T). */
import { GradcastError } from "./errors.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";
import { luminanceOf, RGB } from "./luminance.ts";
import { extentProperty, type MapExtent, WHOLE_INPUT } from "./map_extent.ts";

const FRAME_VERSION = 2;
const TILE_VERSION = 5;
const FRAME_KIND = 1;
const TILE_KIND = 2;
const STILL_FLAG = 1;
const FIRST_FLAG = 2;

/** Bits of a tile's flags. */
const TILE_FLAGS = { complete: 1, colours: 2, silent: 4 } as const;
const ALL_TILE_FLAGS = TILE_FLAGS.complete | TILE_FLAGS.colours | TILE_FLAGS.silent;

/** Bytes before the picture in a frame message. */
export const FRAME_HEADER_BYTES = 24;

/** Bytes before the values in a tile message. */
export const TILE_HEADER_BYTES = 68;

/** Where a tile's header holds the extent of its map. */
const EXTENT_OFFSET = 52;

/** Largest unsigned 32-bit number: frame ids, revisions and class indexes end there. */
export const MAX_UINT32 = 0xffff_ffff;

const FORMATS = ["jpeg", "png", "rgb"] as const;

/** How a frame's picture is written: as a file, or as the input's pixels, red, green and blue, row by row. */
export type FrameFormat = typeof FORMATS[number];

/** A picture in a file that viewers open. */
export type FileFormat = Exclude<FrameFormat, "rgb">;

/** One picture on its way to the server. */
export interface Frame {
  /** Chosen by the client, rising within a connection, 1…2³²−1. */
  readonly id: number;
  readonly format: FrameFormat;
  /** True where no newer frame is about to follow (frozen, a photo): the server then favours throughput. */
  readonly still: boolean;
  /** True on the first frame of a source: it has nothing to do with the frame before; absent: false. */
  readonly first?: boolean;
  /** When the picture was taken, in ms of the client's own clock; comes back unchanged in the result. */
  readonly capturedMs: number;
  /** What the network is shown. */
  readonly picture: Uint8Array<ArrayBuffer>;
  /** The same picture as a small JPEG for those who watch and for the log; without it they take `picture`. */
  readonly copy?: Uint8Array<ArrayBuffer>;
}

/** How much a map of a sampling method is made of (T8). */
export interface Samples {
  /** How many were taken, 1 or more. */
  readonly count: number;
  /** How many there are, or null where there is no end to them. */
  readonly of: number | null;
  /** The map's error in its own unit, or null where it is not known; the method's `sampling` says of which kind. */
  readonly error: number | null;
}

/** A rectangle of a raw map, in cells. */
export interface Tile {
  /** The pane that the tile belongs to; 0 is the main one. */
  readonly pane: number;
  readonly frame: number;
  /** The view that the tile belongs to. */
  readonly revision: number;
  readonly classIndex: number;
  /** The whole map's height and width, in cells. */
  readonly mapHeight: number;
  readonly mapWidth: number;
  /** Where the whole map's cells lie on the input; absent: they tile it (T2). */
  readonly extent?: MapExtent;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  /** Share of the method's work on this frame that is done, 0…1. */
  readonly progress: number;
  /** True on the last tile of a frame (T3). */
  readonly complete: boolean;
  /** What the engine has spent on this frame's map so far, in ms; a row that several share is shared out (T5). */
  readonly costMs: number;
  /** Of a sampling method: what the map is made of so far; null before the first sample and of any other method (T8). */
  readonly samples: Samples | null;
  /** `[rows, columns]` raw values, in the unit that the method states (T2); of a tile in colours their luminance, 0…255. */
  readonly values: Float32Array;
  /** `[rows, columns, 3]` red, green and blue, 0…255, of methods that make a picture: it is drawn as it is. */
  readonly rgb?: Uint8Array<ArrayBuffer>;
  /** True where what the method tried to raise never answered, so that the picture shows nothing of it (T7). */
  readonly silent?: true;
}

/** Writes a frame message: header, then the picture, then its copy (F1). */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const { picture, copy = new Uint8Array(0) } = frame;
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + picture.byteLength + copy.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FRAME_KIND);
  view.setUint8(1, FRAME_VERSION);
  view.setUint8(2, FORMATS.indexOf(frame.format) + 1);
  view.setUint8(3, (frame.still ? STILL_FLAG : 0) | (frame.first === true ? FIRST_FLAG : 0));
  view.setUint32(4, frame.id, true);
  view.setFloat64(8, frame.capturedMs, true);
  view.setUint32(16, picture.byteLength, true);
  view.setUint32(20, copy.byteLength, true);
  bytes.set(picture, FRAME_HEADER_BYTES);
  bytes.set(copy, FRAME_HEADER_BYTES + picture.byteLength);
  return bytes;
}

/**
 * Reads a frame message; picture and copy are views into `bytes`.
 *
 * @throws GradcastError `frame-bytes` (F2) or `frame-header` (F1)
 */
export function decodeFrame(bytes: Uint8Array<ArrayBuffer>): Frame {
  if (bytes.byteLength > MAX_FRAME_BYTES + FRAME_HEADER_BYTES) {
    throw new GradcastError(
      "frame-bytes",
      `Cannot take the frame: expected a picture of at most ${MAX_FRAME_BYTES} bytes, got ${
        bytes.byteLength - FRAME_HEADER_BYTES
      }`,
    );
  }
  if (bytes.byteLength <= FRAME_HEADER_BYTES) {
    throw headerError(`a frame to have more than ${FRAME_HEADER_BYTES} bytes`, bytes.byteLength);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (kind !== FRAME_KIND) throw headerError(`byte 0 of a frame to be ${FRAME_KIND}`, kind);
  const version = view.getUint8(1);
  if (version !== FRAME_VERSION) throw headerError(`byte 1 of a frame to be ${FRAME_VERSION}`, version);
  const format = FORMATS[view.getUint8(2) - 1];
  if (format === undefined) {
    throw headerError("byte 2 of a frame to be 1 (JPEG), 2 (PNG) or 3 (pixels)", view.getUint8(2));
  }
  const flags = view.getUint8(3);
  if (flags > (STILL_FLAG | FIRST_FLAG)) throw headerError("byte 3 of a frame to be 0 to 3", flags);
  const id = view.getUint32(4, true);
  if (id === 0) throw headerError("a frame id to be at least 1", id);
  const capturedMs = view.getFloat64(8, true);
  if (!Number.isFinite(capturedMs)) {
    throw headerError("the time of capture to be a finite number", capturedMs);
  }
  const pictureBytes = view.getUint32(16, true);
  const copyBytes = view.getUint32(20, true);
  const following = bytes.byteLength - FRAME_HEADER_BYTES;
  if (pictureBytes === 0 || pictureBytes + copyBytes !== following) {
    throw headerError(
      `the header to name the ${following} bytes that follow, of which the picture has at least 1`,
      `${pictureBytes} and ${copyBytes}`,
    );
  }
  const copyAt = FRAME_HEADER_BYTES + pictureBytes;
  return {
    id,
    format,
    still: (flags & STILL_FLAG) !== 0,
    first: (flags & FIRST_FLAG) !== 0,
    capturedMs,
    picture: bytes.subarray(FRAME_HEADER_BYTES, copyAt),
    ...(copyBytes > 0 && { copy: bytes.subarray(copyAt) }),
  };
}

/** Writes a tile message: header, then the values as float32 (T1) or the colours as bytes (T6). */
export function encodeTile(tile: Tile): Uint8Array<ArrayBuffer> {
  const { rgb } = tile;
  const bytes = new Uint8Array(TILE_HEADER_BYTES + (rgb?.length ?? 4 * tile.values.length));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, TILE_KIND);
  view.setUint8(1, TILE_VERSION);
  view.setUint8(
    2,
    (tile.complete ? TILE_FLAGS.complete : 0) | (rgb === undefined ? 0 : TILE_FLAGS.colours) |
      (tile.silent === true ? TILE_FLAGS.silent : 0),
  );
  view.setUint8(3, tile.pane);
  view.setUint32(4, tile.frame, true);
  view.setUint32(8, tile.revision, true);
  view.setUint32(12, tile.classIndex, true);
  view.setUint16(16, tile.mapHeight, true);
  view.setUint16(18, tile.mapWidth, true);
  view.setUint16(20, tile.row, true);
  view.setUint16(22, tile.column, true);
  view.setUint16(24, tile.rows, true);
  view.setUint16(26, tile.columns, true);
  view.setFloat32(28, tile.progress, true);
  view.setUint32(32, tile.values.length, true);
  view.setFloat32(36, tile.costMs, true);
  view.setUint32(40, tile.samples?.count ?? 0, true);
  view.setUint32(44, tile.samples?.of ?? 0, true);
  view.setFloat32(48, tile.samples?.error ?? NaN, true);
  const { top, left, height, width } = tile.extent ?? WHOLE_INPUT;
  for (const [place, share] of [top, left, height, width].entries()) {
    view.setFloat32(EXTENT_OFFSET + 4 * place, share, true);
  }
  if (rgb !== undefined) {
    bytes.set(rgb, TILE_HEADER_BYTES);
    return bytes;
  }
  for (const [index, value] of tile.values.entries()) {
    view.setFloat32(TILE_HEADER_BYTES + 4 * index, value, true);
  }
  return bytes;
}

/**
 * Reads a tile message.
 *
 * @throws RangeError when the bytes are not a tile or its rectangle leaves the map (T1)
 */
export function decodeTile(bytes: Uint8Array<ArrayBuffer>): Tile {
  if (bytes.byteLength < TILE_HEADER_BYTES) {
    throw tileError(`${TILE_HEADER_BYTES} bytes or more`, bytes.byteLength);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== TILE_KIND) throw tileError(`byte 0 to be ${TILE_KIND}`, view.getUint8(0));
  if (view.getUint8(1) !== TILE_VERSION) {
    throw tileError(`byte 1 to be ${TILE_VERSION}`, view.getUint8(1));
  }
  const [mapHeight, mapWidth, row, column, rows, columns] = [16, 18, 20, 22, 24, 26].map((at) =>
    view.getUint16(at, true)
  ) as [number, number, number, number, number, number];
  if (row + rows > mapHeight || column + columns > mapWidth) {
    throw tileError(
      `a rectangle inside ${mapHeight}×${mapWidth} cells`,
      `${row}+${rows}, ${column}+${columns}`,
    );
  }
  const flags = view.getUint8(2);
  if (flags > ALL_TILE_FLAGS) throw tileError(`flags up to ${ALL_TILE_FLAGS} in byte 2`, flags);
  const inColours = (flags & TILE_FLAGS.colours) !== 0;
  const count = view.getUint32(32, true);
  if (count !== rows * columns || bytes.byteLength !== TILE_HEADER_BYTES + (inColours ? RGB : 4) * count) {
    throw tileError(`${rows * columns} values`, count);
  }
  const rgb = inColours ? bytes.slice(TILE_HEADER_BYTES) : null;
  return {
    pane: view.getUint8(3),
    frame: view.getUint32(4, true),
    revision: view.getUint32(8, true),
    classIndex: view.getUint32(12, true),
    mapHeight,
    mapWidth,
    ...extentProperty(readExtent(view)),
    row,
    column,
    rows,
    columns,
    progress: view.getFloat32(28, true),
    complete: (flags & TILE_FLAGS.complete) !== 0,
    costMs: view.getFloat32(36, true),
    samples: readSamples(view),
    values: rgb === null ? readValues(view, count) : luminanceOf(rgb),
    ...(rgb === null ? {} : { rgb }),
    ...((flags & TILE_FLAGS.silent) === 0 ? {} : { silent: true }),
  };
}

function readExtent(view: DataView): MapExtent {
  const [top, left, height, width] = [0, 4, 8, 12].map((at) => view.getFloat32(EXTENT_OFFSET + at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (![top, left, height, width].every(Number.isFinite) || height <= 0 || width <= 0) {
    throw tileError(
      "an extent with a height and a width above 0",
      `${top}, ${left}, ${height}, ${width}`,
    );
  }
  return { top, left, height, width };
}

function readValues(view: DataView, count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, index) => view.getFloat32(TILE_HEADER_BYTES + 4 * index, true),
  );
}

function readSamples(view: DataView): Samples | null {
  const count = view.getUint32(40, true);
  if (count === 0) return null;
  const of = view.getUint32(44, true);
  const error = view.getFloat32(48, true);
  return { count, of: of === 0 ? null : of, error: Number.isFinite(error) ? error : null };
}

function headerError(wanted: string, current: number | string): GradcastError {
  return new GradcastError("frame-header", `Cannot read the frame: expected ${wanted}, got ${current}`);
}

function tileError(wanted: string, current: number | string): RangeError {
  return new RangeError(`Cannot read the tile: expected ${wanted}, got ${current}`);
}
