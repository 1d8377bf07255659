/** Writes ZIP archives file by file, stored as they are: pictures and weights do not get smaller. */
import { crc32 } from "node:zlib";

/** A file of an archive. */
export interface ZipFile {
  /** With `/` between its parts. */
  readonly path: string;
  readonly read: () => Promise<Uint8Array<ArrayBuffer>>;
}

const SIGNATURE = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50 };
const LOCAL_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;
/** Version 2.0; names are UTF-8. */
const VERSION = 20;
const UTF8_FLAG = 0x0800;
/** 1980-01-01, the first day that the format knows. */
const DATE = 0x21;

/** Bytes and files that an archive without the extension for larger ones has at most. */
const MAX_BYTES = 2 ** 32 - 1;
const MAX_FILES = 65_535;

/**
 * Yields an archive in pieces; each file is read when its turn comes.
 *
 * @throws RangeError where it would have too many bytes or files
 */
export async function* writeZip(
  files: readonly ZipFile[],
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (files.length > MAX_FILES) {
    throw new RangeError(
      `Cannot write the archive: expected at most ${MAX_FILES} files, got ${files.length}`,
    );
  }
  const entries: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const { path, read } of files) {
    const [name, bytes] = [new TextEncoder().encode(path), await read()];
    const sums = { crc: crc32(bytes), bytes: bytes.byteLength, name };
    if (at + bytes.byteLength + LOCAL_BYTES + name.byteLength > MAX_BYTES) {
      throw new RangeError(`Cannot write the archive: expected at most ${MAX_BYTES} bytes`);
    }
    entries.push(entryOf(sums, at));
    const local = localOf(sums);
    yield local;
    yield bytes;
    at += local.byteLength + bytes.byteLength;
  }
  for (const entry of entries) yield entry;
  const length = entries.reduce((sum, entry) => sum + entry.byteLength, 0);
  const end = new DataView(new ArrayBuffer(END_BYTES));
  end.setUint32(0, SIGNATURE.end, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, length, true);
  end.setUint32(16, at, true);
  yield new Uint8Array(end.buffer);
}

interface Sums {
  readonly crc: number;
  readonly bytes: number;
  readonly name: Uint8Array<ArrayBuffer>;
}

function localOf(sums: Sums): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(LOCAL_BYTES + sums.name.byteLength));
  view.setUint32(0, SIGNATURE.local, true);
  common(view, 4, sums);
  const bytes = new Uint8Array(view.buffer);
  bytes.set(sums.name, LOCAL_BYTES);
  return bytes;
}

function entryOf(sums: Sums, at: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(ENTRY_BYTES + sums.name.byteLength));
  view.setUint32(0, SIGNATURE.entry, true);
  view.setUint16(4, VERSION, true);
  common(view, 6, sums);
  view.setUint32(42, at, true);
  const bytes = new Uint8Array(view.buffer);
  bytes.set(sums.name, ENTRY_BYTES);
  return bytes;
}

/** The fields that a file's own header and the directory share, from the version on. */
function common(view: DataView, at: number, { crc, bytes, name }: Sums): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, UTF8_FLAG, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, bytes, true);
  view.setUint32(at + 18, bytes, true);
  view.setUint16(at + 22, name.byteLength, true);
}
