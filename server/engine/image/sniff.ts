/** Tells formats apart by their first bytes. */
import type { FileFormat } from "../../../shared/codec.ts";

const SIGNATURES: Readonly<Record<FileFormat, readonly number[]>> = {
  jpeg: [0xff, 0xd8, 0xff],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};
const FORMATS = Object.keys(SIGNATURES) as readonly FileFormat[];

/** Tells a picture's format by its first bytes, or null. */
export function sniffFormat(bytes: Uint8Array): FileFormat | null {
  return FORMATS.find((format) => SIGNATURES[format].every((byte, at) => bytes[at] === byte)) ?? null;
}
