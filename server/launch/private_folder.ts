/** A folder of this user's alone, for the socket between the server and its engine. */

/** A socket's path may have this many bytes: macOS takes 104 with the zero at their end, Linux 108. */
const MAX_PATH_BYTES = 103;

/** Name of the socket in the folder. */
const SOCKET = "engine";

/** Runs a program; returns what it wrote to its output, or null where there is no such program or it failed. */
export type RunProgram = (name: string, args: readonly string[]) => Promise<string | null>;

/**
 * Makes such a folder among the system's temporary ones; returns the socket's path in it.
 * Null where there is none: on Windows, without `mktemp`, or where the path is one that sockets or Deno's flags cannot
 * have.
 */
export async function makeSocketPath(run: RunProgram): Promise<string | null> {
  // `mktemp` honours TMPDIR and gives nobody else access.
  const folder = (await run("mktemp", ["-d", "-t", "gradcast.XXXXXXXX"]))?.trimEnd();
  if (folder === undefined || folder === "") return null;
  const path = `${folder}/${SOCKET}`;
  const fits = new TextEncoder().encode(path).length <= MAX_PATH_BYTES && !path.includes(",");
  if (fits) return path;
  await removeSocketFolder(path, run);
  return null;
}

/** Removes the folder of a socket, where the server has not done so. */
export async function removeSocketFolder(path: string, run: RunProgram): Promise<void> {
  await run("rm", ["-rf", "--", path.slice(0, -(SOCKET.length + 1))]);
}
