/**
 * Starts the server with exactly the permissions that its settings need, passes signals on to it and ends it when the
 * program goes away that this one was started by.
 */
import { printable } from "../shared/printable.ts";
import { readFlags, type Settings } from "./flags.ts";
import { type Listed, outermostRunner, parseProc } from "./launch/ancestor.ts";
import { serverCommand } from "./launch/server_command.ts";

/** How long the server may take to stop before it is killed, in ms; it does so within 3,000 by itself. */
const KILL_AFTER_MS = 5_000;

const BAD_INPUT = 2;

/** Given first, `--watch` starts the server again when its sources change. */
const WATCH = "--watch";

async function main(): Promise<number> {
  const watch = Deno.args[0] === WATCH;
  const args = watch ? Deno.args.slice(1) : Deno.args;
  const outcome = readFlags(args, (name) => Deno.env.get(name));
  switch (outcome.kind) {
    case "help":
    case "version":
      write(Deno.stdout, outcome.text);
      return 0;
    case "refused":
      write(Deno.stderr, printable(outcome.message));
      return BAD_INPUT;
    case "settings":
      return await run(args, outcome.settings, watch);
    default:
      return outcome satisfies never;
  }
}

/** Runs the server until it ends; returns its exit code. */
async function run(args: readonly string[], settings: Settings, watch: boolean): Promise<number> {
  const server = new Deno.Command(Deno.execPath(), {
    args: serverCommand(settings, args, watch),
    // The server stops when this pipe ends, however this process does.
    stdin: "piped",
    env: { GRADCAST_LAUNCHED: "1" },
  }).spawn();
  const stop = () => end(server);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (signal === "SIGINT" || Deno.build.os !== "windows") Deno.addSignalListener(signal, stop);
  }
  const watching = await watchRunner(stop);
  const { code } = await server.status;
  watching?.end();
  return code;
}

/** Asks the server to stop; kills it when it does not. */
function end(server: Deno.ChildProcess): void {
  // Windows has no such signal; there the end of the pipe says the same.
  if (Deno.build.os === "windows") server.stdin.close().catch(() => {});
  else kill(server, "SIGTERM");
  Deno.unrefTimer(setTimeout(() => kill(server, "SIGKILL"), KILL_AFTER_MS));
}

function kill(server: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    server.kill(signal);
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof TypeError)) throw error;
  }
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
  const { success, stdout } = await new Deno.Command("cat", {
    args: [`/proc/${pid}/stat`, `/proc/${pid}/cmdline`],
    stdin: "null",
    stderr: "null",
  }).output();
  return success ? parseProc(new TextDecoder().decode(stdout)) : null;
}

function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  stream.writeSync(new TextEncoder().encode(`${text}\n`));
}

try {
  Deno.exit(await main());
} catch (error) {
  write(Deno.stderr, printable(error instanceof Error ? error.message : String(error)));
  Deno.exit(error instanceof RangeError ? BAD_INPUT : 1);
}
