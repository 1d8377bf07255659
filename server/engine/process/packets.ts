/**
 * Messages between the server and the engine's process as bytes.
 *
 * A packet is little-endian: bytes of the body and number of buffers (u32 each), bytes of every buffer (u32 each), the
 * body, the buffers. The body is V8's serialisation without the transferred buffers: those go as they are, and are
 * read into their own memory, so that megabytes of gradients are copied by the system alone.
 */
import { Deserializer, Serializer } from "node:v8";

/** A packet is this long at most, in bytes: what a batch's result cannot reach within the engine's memory. */
export const MAX_PACKET_BYTES = 2 ** 30;

/** A packet has this many buffers at most. */
const MAX_BUFFERS = 2 ** 16;

const WORD_BYTES = 4;
const PREFIX_BYTES = 2 * WORD_BYTES;

/** Parts of a packet up to this size are written together, in bytes. */
const SMALL_BYTES = 65_536;

/** A packet that waits to be written. */
export interface Packet {
  /** What to write, in this order. */
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Length of all chunks. */
  readonly bytes: number;
}

/** A message as it arrived. */
export interface Received {
  readonly message: unknown;
  /** The buffers that its arrays lie in, as far as they were transferred. */
  readonly buffers: ArrayBuffer[];
}

/** Where bytes are read from; a connection is one. */
export interface ByteSource {
  /** Reads some bytes into the beginning of `into`; returns how many, or null at the end. */
  read(into: Uint8Array): Promise<number | null>;
}

/**
 * Makes a packet of a message. Buffers in `transfer` move into the packet: their arrays are empty afterwards.
 *
 * @throws DOMException or Error where the message has something that cannot be serialised
 * @throws RangeError where the packet would be longer than `MAX_PACKET_BYTES`
 */
export function encodePacket(message: unknown, transfer: readonly ArrayBuffer[] = []): Packet {
  const serializer = new Serializer();
  serializer.writeHeader();
  for (const [id, buffer] of transfer.entries()) serializer.transferArrayBuffer(id, buffer);
  serializer.writeValue(message);
  const body = serializer.releaseBuffer();
  const lengths = transfer.map(({ byteLength }) => byteLength);
  const prefix = new Uint8Array(PREFIX_BYTES + WORD_BYTES * lengths.length);
  const bytes = packetBytes(prefix.length, body.length, lengths);
  const words = new DataView(prefix.buffer);
  for (const [index, word] of [body.length, lengths.length, ...lengths].entries()) {
    words.setUint32(index * WORD_BYTES, word, true);
  }
  const moved = transfer.map((buffer) => new Uint8Array(buffer.transfer()));
  return { chunks: gather([prefix, new Uint8Array(body), ...moved]), bytes };
}

/** Reads packets from a source, one after the other. */
export class PacketReader {
  readonly #source: ByteSource;
  /** What was read beyond what was asked for. */
  readonly #ahead = new Uint8Array(SMALL_BYTES);
  #start = 0;
  #end = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * The next message, or null at the end of the source.
   *
   * @throws RangeError where a length is beyond the bounds
   * @throws Error where the source ends within a packet, or the body cannot be read
   */
  async next(): Promise<Received | null> {
    const prefix = new Uint8Array(PREFIX_BYTES);
    if (!await this.#fill(prefix)) return null;
    const [bodyBytes = 0, count = 0] = wordsOf(prefix);
    if (count > MAX_BUFFERS) {
      throw new RangeError(`Cannot read the message: expected at most ${MAX_BUFFERS} buffers, got ${count}`);
    }
    const lengths = wordsOf(await this.#take(WORD_BYTES * count));
    packetBytes(PREFIX_BYTES + WORD_BYTES * count, bodyBytes, lengths);
    const body = await this.#take(bodyBytes);
    const buffers: ArrayBuffer[] = [];
    for (const length of lengths) buffers.push((await this.#take(length)).buffer);
    const deserializer = new Deserializer(body);
    deserializer.readHeader();
    for (const [id, buffer] of buffers.entries()) deserializer.transferArrayBuffer(id, buffer);
    return { message: deserializer.readValue(), buffers };
  }

  async #take(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(bytes);
    if (await this.#fill(taken)) return taken;
    throw new Error("Cannot read the message: the connection ended within it");
  }

  /** Fills `target`; false where the source had ended before its first byte. */
  async #fill(target: Uint8Array): Promise<boolean> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#start < this.#end) {
        const part = this.#ahead.subarray(
          this.#start,
          Math.min(this.#end, this.#start + target.length - filled),
        );
        target.set(part, filled);
        filled += part.length;
        this.#start += part.length;
        continue;
      }
      const rest = target.subarray(filled);
      const direct = rest.length >= this.#ahead.length;
      const read = await this.#source.read(direct ? rest : this.#ahead);
      if (read === null) {
        if (filled === 0) return false;
        throw new Error("Cannot read the message: the connection ended within it");
      }
      if (direct) filled += read;
      else [this.#start, this.#end] = [0, read];
    }
    return true;
  }
}

function wordsOf(bytes: Uint8Array<ArrayBuffer>): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from(
    { length: bytes.length / WORD_BYTES },
    (_, index) => view.getUint32(index * WORD_BYTES, true),
  );
}

function packetBytes(prefixBytes: number, bodyBytes: number, lengths: readonly number[]): number {
  const bytes = lengths.reduce((sum, length) => sum + length, prefixBytes + bodyBytes);
  if (bytes <= MAX_PACKET_BYTES) return bytes;
  throw new RangeError(
    `Cannot pass the message on: expected at most ${MAX_PACKET_BYTES} bytes, got ${bytes}`,
  );
}

/** Puts small parts together, so that a small message is written at once. */
function gather(parts: readonly Uint8Array<ArrayBuffer>[]): readonly Uint8Array<ArrayBuffer>[] {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let small: Uint8Array<ArrayBuffer>[] = [];
  const flush = () => {
    if (small.length > 0) chunks.push(concat(small));
    small = [];
  };
  for (const part of parts) {
    if (part.length <= SMALL_BYTES) small.push(part);
    else {
      flush();
      chunks.push(part);
    }
  }
  flush();
  return chunks;
}

function concat(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
