/** How many connections the machine has room for beside everything else that the server opens. */

/**
 * Half of the files that this process can still open, at most `wanted`: the other half stays for files, databases and
 * workers. The limit itself cannot be asked for without further permissions, so it is tried.
 */
export function roomForConnections(wanted: number): number {
  const files: Deno.FsFile[] = [];
  try {
    while (files.length < 2 * wanted) files.push(Deno.openSync(new URL(import.meta.url)));
  } catch {
    // The limit is reached: that is what was to be found out.
  } finally {
    for (const file of files) file.close();
  }
  return Math.max(4, Math.floor(files.length / 2));
}
