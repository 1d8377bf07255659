/** Starts the real server as users do, in a process of its own, and stops it again. */

import { fileURLToPath } from "node:url";
import { readFlags } from "../../server/flags.ts";
import { serverCommand } from "../../server/launch/server_command.ts";

/** How the path of the server's entry ends. */
const MAIN = "/server/main.ts";

const READY = /ready at (http:\/\/\S+)/;

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Writes a line to its standard input; for an entry of the test's own. */
  say(line: string): Promise<void>;
  /** What it wrote to its standard error, where the entry is the test's own; otherwise that is passed on. */
  errors(): string;
  /** Ends the process without a goodbye, as a crash would. */
  kill(): Promise<void>;
}

/**
 * Starts a server on `port` (0 takes any free one) and waits until it accepts connections.
 *
 * @param within A command that runs the one that follows it in its own place.
 * @param entry A script that starts the server's own entry, in its place.
 */
export async function startServer(
  port = 0,
  flags: readonly string[] = [],
  within: readonly string[] = [],
  { entry }: { readonly entry?: URL } = {},
): Promise<RunningServer> {
  const args = ["--port", String(port), ...flags];
  const outcome = readFlags(args, () => undefined);
  if (outcome.kind !== "settings") {
    throw new Error(`Cannot start the server: its flags are wrong, given ${args}`);
  }
  const [command = "deno", ...before] = [...within, "deno"];
  const own = serverCommand(outcome.settings, args).map((arg) =>
    entry !== undefined && arg.endsWith(MAIN) ? fileURLToPath(entry) : arg
  );
  const child = new Deno.Command(command, {
    args: [...before, ...own],
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
  let errors = "";
  const errorsRead = entry === undefined
    ? Promise.resolve()
    : readAll(child.stderr, (part) => errors += part);
  const input = entry === undefined ? null : child.stdin.getWriter();
  let ended = false;
  const end = async (signal: Deno.Signal): Promise<void> => {
    if (ended) return;
    ended = true;
    child.kill(signal);
    await child.status;
    await reader.cancel();
    await input?.close().catch(() => {});
    await errorsRead;
  };
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid,
    say: async (line) => await input?.write(new TextEncoder().encode(`${line}\n`)),
    errors: () => errors,
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGTERM"),
  };
}

async function readAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (part: string) => void,
): Promise<void> {
  for await (const part of stream.pipeThrough(new TextDecoderStream())) take(part);
}
