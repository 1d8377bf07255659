/** The data folder: one server at a time, and noticed when it is deleted under a running server. */
import { join, resolve } from "node:path";
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { messageOf, storeFailure } from "./failures.ts";

/** Locked as long as a server uses the folder; the kernel unlocks it when the process ends, however it ends. */
const LOCK_NAME = "gradcast.lock";

/** Says who holds the lock. A file of its own: on Windows nobody else can read a locked one. */
const HOLDER_NAME = "gradcast.holder.json";

const HolderSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger()),
  address: v.optional(v.pipe(v.string(), v.maxLength(200), v.regex(/^https?:\/\/[\w.:[\]-]+\/?$/))),
});

/** The folder in which a server keeps its log and its clips. */
export interface DataFolder {
  /** The folder's absolute path. */
  readonly path: string;
  /**
   * Makes sure that the folder is there and this server's own. Returns its generation, from 1 on: it rises when the folder
   * had to be made again because it was gone.
   *
   * @throws GradcastError `data-in-use`, `disk-full` or `data-unusable`
   */
  ensure(): Promise<number>;
  /** Writes down for another server at which address this one is. */
  announce(address: string): Promise<void>;
  /** Lets another server have the folder. */
  close(): Promise<void>;
}

/** Prepares a folder; nothing is made and nothing locked before `ensure()`. */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  const lockPath = join(path, LOCK_NAME);
  const holderPath = join(path, HOLDER_NAME);
  let held: Deno.FsFile | null = null;
  let generation = 0;
  let holder: v.InferOutput<typeof HolderSchema> = { pid: Deno.pid };
  let closed = false;
  /** Calls wait for each other: two at a time would lock twice, and the second would find the first. */
  let last: Promise<unknown> = Promise.resolve();

  async function isMine(file: Deno.FsFile): Promise<boolean> {
    const [own, there] = await Promise.all([file.stat(), Deno.lstat(lockPath).catch(() => null)]);
    return there !== null && own.ino === there.ino && own.dev === there.dev;
  }

  async function noteHolder(): Promise<void> {
    // On a full disk the other server learns less; the lock holds all the same.
    await Deno.writeTextFile(holderPath, JSON.stringify(holder)).catch(() => {});
  }

  async function take(): Promise<void> {
    await Deno.mkdir(path, { recursive: true });
    const file = await Deno.open(lockPath, { read: true, write: true, create: true });
    try {
      if (!await file.tryLock(true)) throw inUse(path, await readHolder(holderPath));
      // Deleted between opening and locking: the lock would be one that nobody else looks at.
      if (!await isMine(file)) {
        throw new GradcastError(
          "data-gone",
          `Cannot use the data folder ${path}: it was deleted meanwhile; try again`,
        );
      }
    } catch (error) {
      file.close();
      throw error;
    }
    held = file;
    generation++;
    await noteHolder();
  }

  async function ensure(): Promise<number> {
    if (closed) {
      throw new GradcastError("server-closing", "Cannot use the data folder: the server is stopping");
    }
    if (held !== null && await isMine(held)) return generation;
    held?.close();
    held = null;
    try {
      await take();
    } catch (error) {
      throw refusal(path, error);
    }
    return generation;
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  }

  return {
    path,
    ensure: () => inTurn(ensure),
    announce: (address) =>
      inTurn(async () => {
        holder = { pid: Deno.pid, address };
        if (held !== null) await noteHolder();
      }),
    close: () =>
      inTurn(async () => {
        closed = true;
        if (held === null) return;
        if (await isMine(held)) await Deno.remove(holderPath).catch(() => {});
        held.close();
        held = null;
      }),
  };
}

/** Who holds the lock, as far as it is known: what another process wrote is checked before it is shown. */
async function readHolder(path: string): Promise<string> {
  try {
    const { pid, address } = v.parse(HolderSchema, JSON.parse(await Deno.readTextFile(path)));
    return `the process ${pid}${address === undefined ? "" : ` at ${address}`}`;
  } catch {
    return "another process";
  }
}

function inUse(path: string, holder: string): GradcastError {
  return new GradcastError(
    "data-in-use",
    `Cannot use the data folder ${path}: ${holder} uses it; stop that one, or choose another folder with --data`,
  );
}

/** Why the folder cannot be used, whatever the system said: a server without a folder is still a server. */
function refusal(path: string, error: unknown): GradcastError {
  if (error instanceof Deno.errors.NotCapable) return notCovered(path, error);
  const known = storeFailure(error, `use the data folder ${path}`);
  if (known instanceof GradcastError) return known;
  return new GradcastError("data-unusable", `Cannot use the data folder ${path}: ${messageOf(error)}`, {
    cause: error,
  });
}

function notCovered(path: string, cause: unknown): GradcastError {
  return new GradcastError(
    "data-unusable",
    `Cannot use the data folder ${path}: this process has no permission to write there; start the server with the ` +
      `task start, which gives it, or leave --data out`,
    { cause },
  );
}
