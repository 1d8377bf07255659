/** Reads the sidecars of clips, wherever they lie. */
import { readSidecar } from "../../../shared/read_sidecar.ts";
import type { Sidecar } from "../../../shared/sidecar.ts";
import { readStoredSidecar } from "./api.ts";
import type { ClipEntry } from "./entries.ts";
import type { ClipInfo } from "./shelf/shelf.ts";

/**
 * Reads what was seen in a clip; null where it has no sidecar.
 *
 * @param readLocal reads the sidecar of a clip on the shelf
 * @throws RangeError where the file is no sidecar, Refusal where the server has none, TypeError where it cannot be reached
 */
export async function sidecarOf(
  { local, stored, sidecarBytes }: ClipEntry,
  readLocal: (clip: ClipInfo) => Promise<Blob | undefined>,
): Promise<Sidecar | null> {
  if (sidecarBytes === 0) return null;
  if (local !== null) {
    const file = await readLocal(local);
    return file === undefined ? null : readSidecar(await file.text());
  }
  return stored === null ? null : readSidecar(await readStoredSidecar(stored.id));
}
