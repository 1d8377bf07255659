/**
 * Runs the server with exactly the permissions that its settings need, and beside it the engine in a process of its own,
 * which is started again whenever it ends. Passes signals on to the server, and ends both when the program goes away
 * that this one was started by.
 */
import { systemClock } from "../clock/mod.ts";
import { hearBeats } from "../engine/process/mod.ts";
import type { Settings } from "../flags.ts";
import { type Listed, outermostRunner, parseProc } from "./ancestor.ts";
import { engineCommand } from "./engine_command.ts";
import { keepEngines } from "./keep_engines.ts";
import type { Kept } from "./keep_running.ts";
import { kill } from "./kill.ts";
import { makeSocketPath, removeSocketFolder, removeStaleFolders } from "./private_folder.ts";
import { serverCommand } from "./server_command.ts";

/** How long the server may take to stop before it is killed, in ms; it does so within 3,000 by itself. */
const KILL_AFTER_MS = 5_000;

/** What is known instead of a preparation that was cut short. */
const STOPPED = Symbol("stopped");

/** What the operator hears where the engine has no process of its own. */
const NO_SOCKET =
  "Cannot make a folder for the engine's socket, so that the engine runs in the server's own process: " +
  "expected TMPDIR to name a folder with room, of at most 70 characters and without a comma";

/** Scripts that are run. */
export interface Entries {
  readonly server?: URL;
  readonly engine?: URL;
}

/** Options of {@link runServer}. */
export interface RunOptions {
  readonly settings: Settings;
  /** The flags that `settings` were read from. */
  readonly args: readonly string[];
  /** Whether the server starts again when its sources change. */
  readonly watch: boolean;
  /** Scripts in place of the server's and the engine's own, for tests. */
  readonly entries?: Entries;
  /** Called with a sentence for the operator. */
  readonly complain: (text: string) => void;
}

/** Runs the server until it ends; returns its exit code. */
export async function runServer(
  { settings, args, watch, entries = {}, complain }: RunOptions,
): Promise<number> {
  // Known before anything is started: whoever wants all of it to end may do so at any moment.
  const { promise: stopped, resolve: stop } = Promise.withResolvers<typeof STOPPED>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (signal === "SIGINT" || Deno.build.os !== "windows") {
      Deno.addSignalListener(signal, () => stop(STOPPED));
    }
  }
  const watching = watchRunner(() => stop(STOPPED));
  const making = Deno.build.os === "windows" ? Promise.resolve(null) : makeSocketPath(runProgram);
  try {
    const ready = await Promise.race([stopped, Promise.all([making, watching])]);
    if (ready === STOPPED) return 0;
    const [socket] = ready;
    if (socket === null && Deno.build.os !== "windows") complain(NO_SOCKET);
    const uid = Deno.uid();
    // What cannot be removed stays where it is.
    if (socket !== null && uid !== null) removeStaleFolders(socket, uid, runProgram).catch(() => {});
    const server = new Deno.Command(Deno.execPath(), {
      args: serverCommand(settings, args, { watch, socket, entry: entries.server }),
      // The server stops when this pipe ends, however this process does.
      stdin: "piped",
      env: { GRADCAST_LAUNCHED: "1", ...(socket === null ? {} : { GRADCAST_ENGINE_SOCKET: socket }) },
    }).spawn();
    const engine = socket === null
      ? null
      : keepProcesses(() => engineCommand(settings, socket, entries.engine), complain);
    let stopping = false;
    stopped.then(() => {
      stopping = true;
      engine?.retire();
      // Deno's watcher passes a SIGINT on, and ends when the server has; after a SIGTERM it would wait for a change.
      end(server, watch ? "SIGINT" : "SIGTERM");
    });
    const { code, signal } = await server.status;
    await engine?.end();
    // A server that did not listen for signals yet had nothing to put in order.
    return stopping && (signal === "SIGTERM" || signal === "SIGINT") ? 0 : code;
  } finally {
    const socket = await making;
    if (socket !== null) await removeSocketFolder(socket, runProgram);
    (await watching)?.end();
  }
}

/** Keeps the engine's processes running. The server ends one when its worker hangs, this one when all of it does. */
function keepProcesses(command: () => string[], complain: (text: string) => void): Kept {
  const start = (onWanted: () => void) => {
    const process = new Deno.Command(Deno.execPath(), {
      args: command(),
      // The engine ends when this pipe does, however this process ends.
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    // One that was stopped, for example, would neither compute nor end by itself.
    const onSilent = (limitMs: number) => {
      complain(
        `Cannot continue with the engine's process: it did not run for ${limitMs} ms; it is started again`,
      );
      kill(process, "SIGKILL");
    };
    hearBeats(process.stdout, { onSilent, onWanted }).catch(() => {});
    return process;
  };
  const onFault = (reason: string) => complain(`Cannot run the engine's process: ${reason}`);
  return keepEngines({ clock: systemClock, start, onFault });
}

/** Asks the server to stop; kills it when it does not. */
function end(server: Deno.ChildProcess, signal: Deno.Signal): void {
  // Windows has no such signal; there the end of the pipe says the same.
  if (Deno.build.os === "windows") server.stdin.close().catch(() => {});
  else kill(server, signal);
  Deno.unrefTimer(setTimeout(() => kill(server, "SIGKILL"), KILL_AFTER_MS));
}

/** Calls `gone` when the process has ended that this one runs for; null where there is no way to know. */
async function watchRunner(gone: () => void): Promise<{ end(): void } | null> {
  if (Deno.build.os !== "linux") return null;
  const runner = await outermostRunner(Deno.ppid, listProcess);
  if (runner === null) return null;
  // GNU tail waits for a process that is not its child; without it the server is merely not stopped.
  const tail = new Deno.Command("tail", {
    args: [`--pid=${runner}`, "--follow", "/dev/null"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  tail.status.then(({ success }) => {
    ended = true;
    if (success) gone();
  }, () => {});
  return {
    end() {
      if (!ended) tail.kill();
    },
  };
}

/** Deno keeps `/proc` to programs with all permissions; `cat` may read it. */
async function listProcess(pid: number): Promise<Listed | null> {
  const text = await runProgram("cat", [`/proc/${pid}/stat`, `/proc/${pid}/cmdline`]);
  return text === null ? null : parseProc(text);
}

/** What a program of the system writes, or null where there is none or it fails. */
async function runProgram(name: string, args: readonly string[]): Promise<string | null> {
  try {
    const command = new Deno.Command(name, { args: [...args], stdin: "null", stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
