/** Writes zip archives for tests, true ones and others. */

/** A file to pack. */
export interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether it is packed tighter; by default it is stored. */
  readonly deflate?: boolean;
  /** Bytes that the directory says it has, where that is not true. */
  readonly says?: number;
}

const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;

/** Packs files into an archive. */
export async function zipOf(
  files: Readonly<Record<string, Packed>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const [name, { bytes, deflate = false, says = bytes.length }] of Object.entries(files)) {
    const data = deflate ? await deflated(bytes) : bytes;
    const title = new TextEncoder().encode(name);
    const sizes = [0, data.length, says];
    const local = record(LOCAL, [20, 0, deflate ? 8 : 0, 0, 0], sizes, [title.length, 0]);
    const entry = record(ENTRY, [20, 20, 0, deflate ? 8 : 0, 0, 0], sizes, [title.length, 0, 0, 0, 0], [
      0,
      at,
    ]);
    parts.push(local, title, data);
    directory.push(entry, title);
    at += local.length + title.length + data.length;
  }
  const count = directory.length / 2;
  const bytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record(END, [0, 0, count, count], [bytes, at], [0]);
  return new Uint8Array(await new Blob([...parts, ...directory, end]).arrayBuffer());
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** A signature, then numbers of 16 bits and of 32 in turns. */
function record(signature: number, ...numbers: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(
    new ArrayBuffer(4 + numbers.reduce((sum, list, n) => sum + list.length * (n % 2 === 0 ? 2 : 4), 0)),
  );
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [number, list] of numbers.entries()) {
    for (const value of list) {
      if (number % 2 === 0) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += number % 2 === 0 ? 2 : 4;
    }
  }
  return new Uint8Array(view.buffer);
}
