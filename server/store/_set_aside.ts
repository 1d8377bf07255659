/** Files of a store whose rows are gone. */

/**
 * Files whose rows are gone belong to nobody any more, and would be deleted: they are kept in a folder of another name,
 * which is returned; null where there is nothing to keep.
 */
export async function setAside(path: string, folder: string): Promise<string | null> {
  if (await exists(path) || !await exists(folder)) return null;
  if ((await Array.fromAsync(Deno.readDir(folder))).length === 0) return null;
  for (let number = 1;; number++) {
    const aside = `${folder}-set-aside-${number}`;
    if (await exists(aside)) continue;
    await Deno.rename(folder, aside);
    return aside;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
