/** Zip archives, read by their directory: sizes are held against bounds before memory is taken. */
import type { ModelFile } from "./files.ts";

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** How it is packed. */
  readonly method: "stored" | "deflated";
  /** Bytes that it takes in the archive, and unpacked, as the directory says. */
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its own header begins. */
  readonly at: number;
}

/** Entries of an archive at most: models have three, PyTorch's some thousands. */
const MAX_ENTRIES = 65_535;

/** Bytes of the directory at most. */
const MAX_DIRECTORY_BYTES = 2 ** 24;

const SIGNATURE = {
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  entry: 0x02014b50,
  local: 0x04034b50,
};

/** The end record, and the longest comment that may follow it. */
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

/** What a field of 32 bits has where the real number is in the extra field. */
const IN_EXTRA = 0xffffffff;
const EXTRA_ZIP64 = 1;

/**
 * Reads the directory of an archive.
 *
 * @throws Error where it is none, is cut off, or lists more than any model has
 */
export async function readZipDirectory(file: ModelFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const { count, bytes, at } = await findDirectory(file);
  if (count > MAX_ENTRIES || bytes > MAX_DIRECTORY_BYTES || at + bytes > file.bytes) {
    throw damaged(
      file,
      `its directory lists ${count.toLocaleString("en")} files in ${bytes.toLocaleString("en")} bytes`,
    );
  }
  const view = await bytesAt(file, at, bytes);
  const entries = new Map<string, ZipEntry>();
  for (let place = 0, number = 0; number < count; number++) {
    if (place + ENTRY_BYTES > bytes || view.getUint32(place, true) !== SIGNATURE.entry) {
      throw damaged(file, `entry ${number} of its directory is none`);
    }
    const { entry, length } = readEntry(file, view, place);
    entries.set(entry.name, entry);
    place += length;
  }
  return entries;
}

/** Where the bytes of a stored entry begin in the archive. */
export async function dataAt(file: ModelFile, entry: ZipEntry): Promise<number> {
  const local = await bytesAt(file, entry.at, LOCAL_BYTES);
  if (local.getUint32(0, true) !== SIGNATURE.local) throw damaged(file, `${entry.name} has no header`);
  const start = entry.at + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + entry.packedBytes > file.bytes) throw damaged(file, `it ends before ${entry.name} does`);
  return start;
}

/**
 * Unpacks an entry into memory.
 *
 * @param most bytes that it may have unpacked
 * @throws Error where it has more, whatever the directory says, or fewer than that says
 */
export async function unzip(
  file: ModelFile,
  entry: ZipEntry,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.bytes > most) {
    throw new Error(
      `Cannot load the model: expected ${entry.name} in ${file.name} to have at most ` +
        `${most.toLocaleString("en")} bytes, got ${entry.bytes.toLocaleString("en")}`,
    );
  }
  const start = await dataAt(file, entry);
  const result = new Uint8Array(entry.bytes);
  if (entry.method === "stored") {
    if (entry.packedBytes !== entry.bytes) throw damaged(file, `${entry.name} has two lengths`);
    await file.fillAt(result, start);
    return result;
  }
  let at = 0;
  try {
    for await (const part of inflated(file, start, entry.packedBytes)) {
      // The directory may lie: no byte more than it says is taken.
      if (at + part.length > result.length) throw damaged(file, `${entry.name} unpacks to more than it says`);
      result.set(part, at);
      at += part.length;
    }
  } catch (cause) {
    if (cause instanceof TypeError) throw damaged(file, `${entry.name} cannot be unpacked`);
    throw cause;
  }
  if (at !== result.length) throw damaged(file, `${entry.name} unpacks to ${at} bytes, not ${entry.bytes}`);
  return result;
}

/** Bytes of the archive that are handed to the unpacker at a time. */
const CHUNK_BYTES = 65_536;

function inflated(file: ModelFile, start: number, bytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (at >= bytes) return controller.close();
      const part = new Uint8Array(Math.min(CHUNK_BYTES, bytes - at));
      await file.fillAt(part, start + at);
      at += part.length;
      controller.enqueue(part);
    },
  });
  return packed.pipeThrough(new DecompressionStream("deflate-raw"));
}

async function findDirectory(file: ModelFile) {
  const tail = Math.min(file.bytes, END_BYTES + MAX_COMMENT_BYTES);
  const view = await bytesAt(file, file.bytes - tail, tail);
  for (let place = tail - END_BYTES; place >= 0; place--) {
    if (view.getUint32(place, true) !== SIGNATURE.end) continue;
    const found = {
      count: view.getUint16(place + 10, true),
      bytes: view.getUint32(place + 12, true),
      at: view.getUint32(place + 16, true),
    };
    return found.at === IN_EXTRA || found.bytes === IN_EXTRA || found.count === 0xffff
      ? await findDirectory64(file, file.bytes - tail + place) ?? found
      : found;
  }
  throw damaged(file, "it has no directory, as if it was cut off");
}

async function findDirectory64(file: ModelFile, end: number) {
  if (end < LOCATOR_BYTES) return null;
  const locator = await bytesAt(file, end - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.getUint32(0, true) !== SIGNATURE.locator64) return null;
  const at = Number(locator.getBigUint64(8, true));
  if (at + END64_BYTES > file.bytes) throw damaged(file, "its directory lies beyond its end");
  const view = await bytesAt(file, at, END64_BYTES);
  if (view.getUint32(0, true) !== SIGNATURE.end64) return null;
  return {
    count: Number(view.getBigUint64(32, true)),
    bytes: Number(view.getBigUint64(40, true)),
    at: Number(view.getBigUint64(48, true)),
  };
}

function readEntry(file: ModelFile, view: DataView<ArrayBuffer>, place: number) {
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((at) => view.getUint16(place + at, true));
  const length = ENTRY_BYTES + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0);
  if (place + length > view.byteLength) throw damaged(file, "its directory is cut off");
  const nameAt = place + ENTRY_BYTES;
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + nameAt, nameBytes));
  const method = view.getUint16(place + 10, true);
  if (method !== 0 && method !== 8) {
    throw damaged(file, `${name} is packed by method ${method}; only stored and deflated files are read`);
  }
  const sizes = wideSizes(view, nameAt + (nameBytes ?? 0), extraBytes ?? 0, [
    view.getUint32(place + 24, true),
    view.getUint32(place + 20, true),
    view.getUint32(place + 42, true),
  ]);
  const [bytes = 0, packedBytes = 0, at = 0] = sizes;
  if (at + packedBytes > file.bytes) throw damaged(file, `it ends before ${name} does`);
  const entry: ZipEntry = { name, method: method === 0 ? "stored" : "deflated", packedBytes, bytes, at };
  return { entry, length };
}

/** Puts the numbers of the extra field in place of those that do not fit into 32 bits. */
function wideSizes(
  view: DataView<ArrayBuffer>,
  start: number,
  length: number,
  sizes: readonly number[],
): readonly number[] {
  for (let at = start; at + 4 <= start + length;) {
    const [id, bytes] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    at += 4;
    if (id === EXTRA_ZIP64) {
      let place = at;
      return sizes.map((size) => {
        if (size !== IN_EXTRA || place + 8 > start + length) return size;
        place += 8;
        return Number(view.getBigUint64(place - 8, true));
      });
    }
    at += bytes;
  }
  return sizes;
}

async function bytesAt(file: ModelFile, at: number, length: number): Promise<DataView<ArrayBuffer>> {
  if (at < 0 || at + length > file.bytes) throw damaged(file, "it is cut off");
  const bytes = new Uint8Array(length);
  await file.fillAt(bytes, at);
  return new DataView(bytes.buffer);
}

function damaged({ name }: ModelFile, reason: string): Error {
  return new Error(`Cannot load the model: ${name} is a damaged zip archive: ${reason}; copy it again`);
}
