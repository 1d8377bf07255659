/** Tells readable pictures apart by their first bytes. */
import { fileKind, type PictureFormat } from "../../../shared/file_kind.ts";

/** Finds a picture's format by its first bytes, or null. */
export function sniffFormat(bytes: Uint8Array): PictureFormat | null {
  const kind = fileKind(bytes);
  return kind.kind === "picture" ? kind.format : null;
}
