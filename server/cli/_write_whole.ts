/** Files that are never seen half written. */
import { basename, dirname, join } from "node:path";

/**
 * Writes a file under another name beside it and gives it its own name when it is whole; what was there before stays
 * until then. A device or pipe takes the bytes as they come.
 *
 * @throws Deno.errors.PermissionDenied and its like, as the system says
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const kind = await kindOf(path);
  if (kind === "other") return await Deno.writeFile(path, bytes);
  // A link stays a link: what it leads to is replaced.
  const target = kind === "file" ? await Deno.realPath(path) : path;
  const half = join(dirname(target), `.${basename(target)}.${Deno.pid}.tmp`);
  try {
    await Deno.writeFile(half, bytes);
    await Deno.rename(half, target);
  } catch (error) {
    await Deno.remove(half).catch(() => {});
    throw error;
  }
}

async function kindOf(path: string): Promise<"file" | "other" | null> {
  try {
    return (await Deno.stat(path)).isFile ? "file" : "other";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
