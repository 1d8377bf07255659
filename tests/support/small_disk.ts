/** A real, small disk for a server's data folder: a file system of the system's own, seen by that server alone. */

/** Makes the disk at $2, of $1 bytes, with what lies in $3, filled up where $4 says so; then becomes the command. */
const SCRIPT = `set -e
mount -t tmpfs -o "size=$1" tmpfs "$2"
if [ -n "$3" ]; then cp -a "$3/." "$2/"; fi
if [ "$4" = full ]; then cat /dev/zero > "$2/filler" 2>/dev/null || true; fi
shift 4
exec "$@"`;

const UNSHARE = ["--user", "--map-root-user", "--mount"];

/** What a small disk is like. */
export interface SmallDisk {
  /** The folder that it is mounted at; it has to be there. */
  readonly at: string;
  readonly bytes: number;
  /** A folder whose content lies on it from the beginning; default: none. */
  readonly from?: string;
  /** Whether what is left of it is filled up; default false. */
  readonly full?: boolean;
}

/** The command that runs another one with a small disk. */
export function withSmallDisk({ at, bytes, from = "", full = false }: SmallDisk): readonly string[] {
  return ["unshare", ...UNSHARE, "sh", "-c", SCRIPT, "sh", String(bytes), at, from, full ? "full" : "empty"];
}

/** Whether this machine lets an ordinary user have a file system of their own. */
export async function hasSmallDisks(): Promise<boolean> {
  const at = await Deno.makeTempDir();
  try {
    const [command = "", ...args] = [...withSmallDisk({ at, bytes: 65_536 }), "true"];
    const { success } = await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  } finally {
    await Deno.remove(at);
  }
}
