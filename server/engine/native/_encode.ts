/** Numbers, names and sections as the WebAssembly binary format has them. */
import type { Code } from "./assembler.ts";

/** Numbers of one byte, which most are: the same list each time saves most of the writing's time. */
const SHORT: readonly Code[] = Array.from({ length: 128 }, (_, value) => [value]);

/** LEB128 of a number from 0 to 2³²−1. */
export function unsigned(value: number): Code {
  const short = SHORT[value];
  if (short !== undefined) return short;
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128 of a whole number; an address of 2³¹ and above counts as the negative number of the same bits. */
export function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value >= 2 ** 31 && value < 2 ** 32 ? value - 2 ** 32 : value;
  for (;;) {
    const low = ((rest % 128) + 128) % 128;
    rest = Math.floor(rest / 128);
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** The four bytes of a float32. */
export function float32(value: number): Code {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

/** A name. */
export function text(value: string): Code {
  const bytes = [...new TextEncoder().encode(value)];
  return [unsigned(bytes.length), bytes];
}

/** A list with its length in front. */
export function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

/** A section of the module. */
export function section(id: number, content: Code): Code {
  const bytes = bytesOf(content);
  return [id, unsigned(bytes.length), bytes];
}

/** Nested lists as bytes. */
export function bytesOf(code: Code): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1024);
  let end = 0;
  const reserve = (more: number) => {
    if (end + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * bytes.length, end + more));
    larger.set(bytes);
    bytes = larger;
  };
  const write = (part: Code) => {
    reserve(part.length);
    if (part instanceof Uint8Array) {
      bytes.set(part, end);
      end += part.length;
      return;
    }
    for (const item of part) {
      if (typeof item !== "number") write(item);
      else {
        if (end === bytes.length) reserve(1);
        bytes[end++] = item;
      }
    }
  };
  write(code);
  return bytes.slice(0, end);
}
