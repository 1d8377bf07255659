/** AVIF as a file: its sides, how it is turned, and whether it moves. */
import type { GradcastError } from "../../../shared/errors.ts";
import { type Orientation, UPRIGHT } from "./orient.ts";
import { corrupt, type Header, type Size } from "./picture.ts";

/** What an AVIF says of itself. */
export interface AvifHeader extends Header {
  readonly orientation: Orientation;
}

interface Box {
  readonly type: string;
  readonly data: Uint8Array;
  /** Byte behind it, among those that it was read from. */
  readonly end: number;
}

/** Properties of the main picture. */
interface Properties {
  readonly size: Size | null;
  /** Quarter turns against the clock. */
  readonly turns: number;
  /** 0 = top and bottom change places, 1 = left and right do, null = neither. */
  readonly mirror: number | null;
}

/** Bytes of a sample entry before its width: lengths that the format fixes. */
const SAMPLE_SIZE_AT = 24;

/**
 * Reads the header, without decoding anything.
 *
 * @throws GradcastError `frame-corrupt` where it says no sides
 */
export function readAvifHeader(bytes: Uint8Array): AvifHeader {
  const boxes = fileBoxesOf(bytes);
  const meta = find(boxes, "meta");
  const still = meta === undefined ? null : mainProperties(boxesOf(meta.data.subarray(4)));
  const moving = samplesSize(boxes);
  const size = still?.size ?? moving;
  if (size === null) throw corrupt("expected an AVIF to say how large its picture is", "no size");
  return {
    // A file that moves may be decoded from its film: no side of either may be over the limit.
    width: Math.max(size.width, moving?.width ?? 0),
    height: Math.max(size.height, moving?.height ?? 0),
    animated: moving !== null,
    orientation: orientationOf(still?.turns ?? 0, still?.mirror ?? null),
  };
}

function mainProperties(meta: readonly Box[]): Properties {
  const main = find(meta, "pitm")?.data;
  const properties = boxesOf(find(meta, "iprp")?.data ?? new Uint8Array());
  const all = boxesOf(find(properties, "ipco")?.data ?? new Uint8Array());
  const links = find(properties, "ipma")?.data;
  if (main === undefined || links === undefined) return { size: null, turns: 0, mirror: null };
  const item = (main[0] ?? 0) === 0 ? numberAt(main, 4, 2) : numberAt(main, 4, 4);
  const own = propertiesOf(item, links).map((index) => all[index - 1]).filter((box) => box !== undefined);
  const size = find(own, "ispe")?.data;
  return {
    size: size === undefined ? null : { width: numberAt(size, 4, 4), height: numberAt(size, 8, 4) },
    turns: numberAt(find(own, "irot")?.data ?? Uint8Array.of(0), 0, 1) & 3,
    mirror: mirrorOf(find(own, "imir")?.data),
  };
}

function mirrorOf(data: Uint8Array | undefined): number | null {
  return data === undefined ? null : numberAt(data, 0, 1) & 1;
}

/** Numbers of the properties that belong to an item; the first has the number 1. */
function propertiesOf(item: number, links: Uint8Array): readonly number[] {
  const idBytes = (links[0] ?? 0) === 0 ? 2 : 4;
  const linkBytes = ((links[3] ?? 0) & 1) === 0 ? 1 : 2;
  let at = 8;
  for (let entry = numberAt(links, 4, 4); entry > 0 && at < links.byteLength; entry--) {
    const id = numberAt(links, at, idBytes);
    const count = numberAt(links, at + idBytes, 1);
    at += idBytes + 1;
    if (id === item) {
      const numbers = Array.from(
        { length: count },
        (_, link) => numberAt(links, at + link * linkBytes, linkBytes),
      );
      return numbers.map((number) => number & (linkBytes === 1 ? 0x7f : 0x7fff));
    }
    at += count * linkBytes;
  }
  return [];
}

/** The sides of a film's pictures, or null where there is none. */
function samplesSize(boxes: readonly Box[]): Size | null {
  for (const track of boxesOf(find(boxes, "moov")?.data ?? new Uint8Array())) {
    if (track.type !== "trak") continue;
    const table = ["mdia", "minf", "stbl", "stsd"].reduce<Uint8Array | undefined>(
      (data, type) => data === undefined ? undefined : find(boxesOf(data), type)?.data,
      track.data,
    );
    const entry = find(boxesOf(table?.subarray(8) ?? new Uint8Array()), "av01")?.data;
    if (entry === undefined) continue;
    return { width: numberAt(entry, SAMPLE_SIZE_AT, 2), height: numberAt(entry, SAMPLE_SIZE_AT + 2, 2) };
  }
  return null;
}

/** EXIF's number for the same: the format turns first, then it mirrors. */
function orientationOf(turns: number, mirror: number | null): Orientation {
  const turned: readonly Orientation[] = [UPRIGHT, 8, 3, 6];
  const upsideDown: readonly Orientation[] = [4, 5, 2, 7];
  const leftRight: readonly Orientation[] = [2, 7, 4, 5];
  const table = mirror === null ? turned : mirror === 0 ? upsideDown : leftRight;
  return table[turns] ?? UPRIGHT;
}

/** The boxes of a whole file: bytes behind the picture that are no box are left out. */
function fileBoxesOf(bytes: Uint8Array): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.byteLength;) {
    const box = boxAt(bytes, at);
    if (box === null) {
      if (["meta", "mdat"].every((type) => find(boxes, type) !== undefined)) break;
      throw cutShort(bytes, at);
    }
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

function boxesOf(bytes: Uint8Array): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.byteLength;) {
    const box = boxAt(bytes, at);
    if (box === null) throw cutShort(bytes, at);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The box that begins at a byte, or null where it ends behind the bytes. */
function boxAt(bytes: Uint8Array, at: number): Box | null {
  let length = numberAt(bytes, at, 4);
  let head = 8;
  if (length === 0) length = bytes.byteLength - at;
  else if (length === 1) {
    length = numberAt(bytes, at + 8, 8);
    head = 16;
  }
  const end = at + length;
  if (length < head || end > bytes.byteLength) return null;
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  return { type, data: bytes.subarray(at + head, end), end };
}

function cutShort(bytes: Uint8Array, at: number): GradcastError {
  return corrupt(`expected the box at byte ${at} of an AVIF to end within its bytes`, bytes.byteLength);
}

function find(boxes: readonly Box[], type: string): Box | undefined {
  return boxes.find((box) => box.type === type);
}

/** A number of some bytes, the highest first; what lies behind the end counts as 0. */
function numberAt(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let byte = 0; byte < size; byte++) value = value * 256 + (bytes[at + byte] ?? 0);
  return value;
}
