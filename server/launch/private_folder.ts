/** A folder of this user's alone, for the socket between the server and its engine. */

/** A socket's path may have this many bytes: macOS takes 104 with the zero at their end, Linux 108. */
const MAX_PATH_BYTES = 103;

/** What the folder's name begins with. */
const NAME = "gradcast";

/** Name of the socket in the folder. */
const SOCKET = "engine";

/** Age of an empty folder that nobody listens in any more, in minutes: a launcher that starts fills its own at once. */
const STALE_MINUTES = 60;

/** Runs a program; returns what it wrote to its output, or null where there is no such program or it failed. */
export type RunProgram = (name: string, args: readonly string[]) => Promise<string | null>;

/**
 * Makes such a folder among the system's temporary ones; returns the socket's path in it.
 * Null where there is none: on Windows, without `mktemp`, or where the path is one that sockets or Deno's flags cannot
 * have.
 */
export async function makeSocketPath(run: RunProgram): Promise<string | null> {
  // `mktemp` honours TMPDIR and gives nobody else access.
  const folder = (await run("mktemp", ["-d", "-t", `${NAME}.XXXXXXXX`]))?.trimEnd();
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

/**
 * Removes what launchers left beside the folder of a socket that were killed before they started anything: folders of the
 * same user (`uid`) that are old and empty. Nothing with anything in it goes, nor what a link leads to, and where there is
 * no `find` that can do so everything stays.
 */
export async function removeStaleFolders(path: string, uid: number, run: RunProgram): Promise<void> {
  const folder = path.slice(0, -(SOCKET.length + 1));
  await run("find", [
    folder.slice(0, folder.lastIndexOf("/") + 1),
    ...["-mindepth", "1", "-maxdepth", "1", "-type", "d", "-user", String(uid)],
    ...["-name", `${NAME}.????????`, "-mmin", `+${STALE_MINUTES}`, "-empty", "-delete"],
  ]);
}
