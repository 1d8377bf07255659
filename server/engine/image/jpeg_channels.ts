/** Leaves one channel out of a JPEG: codes are copied bit for bit, no pixel is computed. */
import { BitReader, BitWriter } from "./jpeg_bits.ts";
import { HuffmanTable, readTables } from "./jpeg_huffman.ts";
import {
  type Component,
  isFrameHeader,
  isProgressive,
  type JpegFile,
  type JpegFrame,
  MARKER,
  type Segment,
} from "./jpeg_file.ts";
import { corrupt } from "./picture.ts";

/** What the file said before a scan. */
interface Decoder {
  readonly frame: JpegFrame;
  /** Channel that is left out. */
  readonly dropped: Component;
  readonly dc: Map<number, HuffmanTable>;
  readonly ac: Map<number, HuffmanTable>;
  /** MCUs between restarts, 0 = none. */
  restartInterval: number;
}

/** What a scan's header says. */
interface Scan {
  readonly channels: readonly {
    readonly component: Component;
    readonly dc: number;
    readonly ac: number;
  }[];
  readonly firstFrequency: number;
  /** True for a progressive scan that refines what an earlier one gave. */
  readonly refines: boolean;
}

/**
 * Gives the segments of the same picture without one of its channels; tables are copied as they are.
 *
 * @param index place of the channel in the frame header
 * @throws GradcastError `frame-corrupt` where the codes are damaged or of a kind that is not known
 */
export function dropChannel({ frame, segments }: JpegFile, index: number): Segment[] {
  const dropped = frame.components[index];
  if (dropped === undefined) throw new RangeError(`Cannot leave out channel ${index}: there is none`);
  if (frame.code > 0xc2) {
    throw corrupt(
      "expected a CMYK JPEG to be baseline, extended or progressive",
      `frame header ${frame.code}`,
    );
  }
  const decoder: Decoder = { frame, dropped, dc: new Map(), ac: new Map(), restartInterval: 0 };
  const kept: Segment[] = [];
  for (const segment of segments) {
    const { code, data } = segment;
    if (code === MARKER.scan) {
      const scan = dropFromScan(segment, decoder);
      if (scan !== null) kept.push(scan);
    } else if (isFrameHeader(code)) kept.push({ ...segment, data: withoutEntry(data, 5, 3, index) });
    else if (code === MARKER.jfif || code === MARKER.adobe) continue; // They say what the channels mean.
    else {
      if (code === MARKER.huffman) readTables(data, decoder);
      if (code === MARKER.restartInterval) decoder.restartInterval = (data[0] ?? 0) << 8 | (data[1] ?? 0);
      kept.push(segment);
    }
  }
  return kept;
}

function dropFromScan(segment: Segment, decoder: Decoder): Segment | null {
  const { data, entropy } = segment;
  const scan = readScan(data, decoder.frame);
  const place = scan.channels.findIndex(({ component }) => component === decoder.dropped);
  if (place < 0) return segment;
  if (scan.channels.length === 1) return null;
  if (scan.channels.length === 2) {
    // The blocks of a channel that is alone in its scan lie in another order.
    throw corrupt("expected a CMYK JPEG to have one, three or four channels in a scan", scan.channels.length);
  }
  return {
    code: segment.code,
    data: withoutEntry(data, 0, 2, place),
    entropy: rewrite(entropy, scan, decoder),
  };
}

/** Copies a list that begins with its count, without one of its entries. */
function withoutEntry(data: Uint8Array, countAt: number, size: number, index: number): Uint8Array {
  const from = countAt + 1 + index * size;
  const copy = new Uint8Array(data.length - size);
  copy.set(data.subarray(0, from));
  copy.set(data.subarray(from + size), from);
  copy[countAt] = (data[countAt] ?? 0) - 1;
  return copy;
}

function readScan(data: Uint8Array, frame: JpegFrame): Scan {
  const count = data[0] ?? 0;
  if (data.length < 4 + 2 * count) {
    throw corrupt(`expected a scan of ${count} channels to have ${4 + 2 * count} bytes`, data.length);
  }
  const channels = Array.from({ length: count }, (_, index) => {
    const id = data[1 + 2 * index] ?? 0;
    const tables = data[2 + 2 * index] ?? 0;
    const component = frame.components.find((one) => one.id === id);
    if (component === undefined) throw corrupt("expected a scan's channels to stand in the frame header", id);
    return { component, dc: tables >> 4, ac: tables & 15 };
  });
  return {
    channels,
    firstFrequency: data[1 + 2 * count] ?? 0,
    refines: isProgressive(frame.code) && ((data[3 + 2 * count] ?? 0) >> 4) !== 0,
  };
}

/** Copies the codes of an interleaved scan, without those of the channel that is left out. */
function rewrite(entropy: Uint8Array, scan: Scan, decoder: Decoder): Uint8Array {
  const { frame, dropped, restartInterval } = decoder;
  const reader = new BitReader(entropy);
  const writer = new BitWriter(entropy.length);
  const across = Math.max(...frame.components.map((one) => one.across));
  const down = Math.max(...frame.components.map((one) => one.down));
  const units = Math.ceil(frame.width / (8 * across)) * Math.ceil(frame.height / (8 * down));
  const blocks = scan.channels.flatMap(({ component, dc, ac }) => {
    const copy = blockCopier(reader, { scan, decoder, dc, ac });
    const to = component === dropped ? null : writer;
    return Array.from({ length: component.across * component.down }, () => () => copy(to));
  });
  for (let unit = 0; unit < units; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) writer.restart(reader.restart());
    for (const block of blocks) block();
  }
  return writer.end();
}

/** Makes the function that reads one block and writes the same bits, or nothing. */
function blockCopier(
  reader: BitReader,
  { scan, decoder, dc, ac }: { scan: Scan; decoder: Decoder; dc: number; ac: number },
): (to: BitWriter | null) => void {
  if (scan.refines) {
    return (to) => {
      const bit = reader.take(1);
      to?.put(bit, 1);
    };
  }
  if (scan.firstFrequency !== 0) {
    throw corrupt("expected a scan of several channels to begin at frequency 0", scan.firstFrequency);
  }
  const means = tableOf(decoder.dc, dc);
  const waves = isProgressive(decoder.frame.code) ? null : tableOf(decoder.ac, ac);
  const symbol = (table: HuffmanTable, to: BitWriter | null) => {
    const { code, length, value } = table.read(reader);
    to?.put(code, length);
    return value;
  };
  const extra = (bits: number, to: BitWriter | null) => {
    if (bits === 0) return;
    const value = reader.take(bits);
    to?.put(value, bits);
  };
  return (to) => {
    extra(symbol(means, to) & 15, to);
    for (let frequency = 1; waves !== null && frequency < 64;) {
      const value = symbol(waves, to);
      const [zeros, bits] = [value >> 4, value & 15];
      extra(bits, to);
      if (bits === 0 && zeros !== 15) break;
      frequency += zeros + 1;
    }
  };
}

function tableOf(tables: ReadonlyMap<number, HuffmanTable>, id: number): HuffmanTable {
  const table = tables.get(id);
  if (table === undefined) {
    throw corrupt("expected a scan's tables to stand before it", `none of number ${id}`);
  }
  return table;
}
