/** Starts the real server as users do, in processes of its own, and stops it again. */
import { fileURLToPath } from "node:url";
import { readFlags } from "../../server/flags.ts";
import { serverCommand } from "../../server/launch/server_command.ts";
import { killProcess, type ListedProcess, processTree } from "./processes.ts";

const LAUNCHER = new URL("../../server/launch.ts", import.meta.url);
const LAUNCHER_WITH_ENGINE = new URL("./launch_with_engine.ts", import.meta.url);
const CONFIG = new URL("../../start.json", import.meta.url);

/** Programs that the task `start` lets the launcher run, beside Deno. */
const LAUNCHER_RUNS = ["cat", "find", "mktemp", "rm", "tail"];

/** How the server's own process is told from the others. */
const SERVER = /\/(server\/main|faulty_main)\.ts( |$)/;

const READY = /ready at (http:\/\/\S+)/;

/** Flags of a server whose model is small: where it matters that a server runs, and not what it computes. */
export const SMALL_MODEL = ["--model", "tests/fixtures/onnx/convnext.new.onnx"] as const;

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The server's own process, not the launcher's. */
  readonly pid: number;
  /** The process that started it. */
  readonly launcher: Pick<Deno.ChildProcess, "pid" | "status" | "kill">;
  /** The launcher and all that it started. */
  processes(): Promise<readonly ListedProcess[]>;
  /** Writes a line to its standard input; for an entry of the test's own. */
  say(line: string): Promise<void>;
  /** What it wrote to its standard error, where the entry is the test's own; otherwise that is passed on. */
  errors(): string;
  /** Ends the server's process without a goodbye, as a crash would, and waits until the others have ended too. */
  kill(): Promise<void>;
}

/** Options of {@link startServer}. */
export interface StartOptions {
  /** A script that starts the server's own entry, in its place; without launcher, with the engine in its own process. */
  readonly entry?: URL;
  /** A script in place of the engine's process. */
  readonly engineEntry?: URL;
  /** Whether it starts again when its sources change. */
  readonly watch?: boolean;
}

/**
 * Starts a server on `port` (0 takes any free one) and waits until it accepts connections.
 *
 * Its engine has one thread where the flags say nothing: tests share the cores.
 *
 * @param within A command that runs the one that follows it in its own place.
 */
export async function startServer(
  port = 0,
  flags: readonly string[] = [],
  within: readonly string[] = [],
  { entry, engineEntry, watch = false }: StartOptions = {},
): Promise<RunningServer> {
  const threads = flags.includes("--threads") ? [] : ["--threads", "1"];
  const args = [...watch ? ["--watch"] : [], "--port", String(port), ...threads, ...flags];
  const [command = "deno", ...before] = [...within, "deno"];
  const child = new Deno.Command(command, {
    args: [...before, ...entry === undefined ? launcherCommand(args, engineEntry) : ownCommand(args, entry)],
    stdin: entry === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: entry === undefined ? "inherit" : "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let url = READY.exec(text)?.[1];
  while (url === undefined) {
    const { done, value } = await reader.read();
    if (done) {
      throw new Error(`Cannot start the server: it ended early, got ${JSON.stringify(text)}`);
    }
    text += value;
    url = READY.exec(text)?.[1];
  }
  const listed = await processTree(child.pid);
  const server = listed.find(({ args }) => SERVER.test(args));
  if (server === undefined) throw new Error(`Cannot find the server among ${JSON.stringify(listed)}`);
  let errors = "";
  const errorsRead = entry === undefined
    ? Promise.resolve()
    : readAll(child.stderr, (part) => errors += part);
  const input = entry === undefined ? null : child.stdin.getWriter();
  let ended = false;
  const end = async (kill: () => void | Promise<void>): Promise<void> => {
    if (ended) return;
    ended = true;
    try {
      await kill();
    } catch (error) {
      // The test has ended it already.
      if (!(error instanceof TypeError)) throw error;
    }
    await child.status;
    await reader.cancel();
    await input?.close().catch(() => {});
    await errorsRead;
  };
  return {
    url,
    port: Number(new URL(url).port),
    pid: server.pid,
    launcher: child,
    processes: () => processTree(child.pid),
    say: async (line) => await input?.write(new TextEncoder().encode(`${line}\n`)),
    errors: () => errors,
    kill: () => end(() => killProcess(server.pid, "KILL")),
    [Symbol.asyncDispose]: () => end(() => child.kill("SIGTERM")),
  };
}

/** What the task `start` does once the page is built. */
export function launcherCommand(args: readonly string[], engineEntry?: URL): readonly string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    `--config=${fileURLToPath(CONFIG)}`,
    "--permission-set=launch",
    `--allow-run=${[Deno.execPath(), ...LAUNCHER_RUNS].join(",")}`,
    ...engineEntry === undefined
      ? [fileURLToPath(LAUNCHER)]
      : [fileURLToPath(LAUNCHER_WITH_ENGINE), engineEntry.href],
    ...args,
  ];
}

/** What starts the server alone, with its own permissions. */
function ownCommand(args: readonly string[], entry: URL): readonly string[] {
  const outcome = readFlags(args, () => undefined);
  if (outcome.kind === "settings") return serverCommand(outcome.settings, args, { entry });
  throw new Error(`Cannot start the server: its flags are wrong, got ${args}`);
}

async function readAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (part: string) => void,
): Promise<void> {
  for await (const part of stream.pipeThrough(new TextDecoderStream())) take(part);
}
