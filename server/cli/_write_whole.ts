/** Files that are never seen half written. */
import { basename, dirname, join } from "node:path";

/** A file that is being written: it has its name once it is closed, and none where it is discarded. */
export interface GrowingFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Gives the file its name. */
  close(): Promise<void>;
  /** Leaves what was there before; does nothing once the file is closed. */
  discard(): Promise<void>;
}

/**
 * Writes a file under another name beside it and gives it its own name when it is whole; what was there before stays
 * until then. A device or pipe takes the bytes as they come.
 *
 * @throws Deno.errors.PermissionDenied and its like, as the system says
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await openWhole(path);
  try {
    await file.write(bytes);
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/**
 * Opens a file to be written in parts, as {@link writeWhole} writes one.
 *
 * @throws Deno.errors.PermissionDenied and its like, as the system says
 */
export async function openWhole(path: string): Promise<GrowingFile> {
  const kind = await kindOf(path);
  // A link stays a link: what it leads to is replaced.
  const target = kind === "file" ? await Deno.realPath(path) : path;
  const half = kind === "other" ? path : join(dirname(target), `.${basename(target)}.${Deno.pid}.tmp`);
  const file = await Deno.open(half, { write: true, create: kind !== "other", truncate: kind !== "other" });
  let open = true;
  const end = () => {
    if (open) file.close();
    open = false;
  };
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    },
    async close() {
      end();
      if (half !== target) await Deno.rename(half, target);
    },
    async discard() {
      end();
      if (half !== target) await Deno.remove(half).catch(() => {});
    },
  };
}

async function kindOf(path: string): Promise<"file" | "other" | null> {
  try {
    return (await Deno.stat(path)).isFile ? "file" : "other";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
