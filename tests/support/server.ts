/** Starts the real server as users do, in a process of its own, and stops it again. */

import { readFlags } from "../../server/flags.ts";
import { serverCommand } from "../../server/launch/server_command.ts";

const READY = /ready at (http:\/\/\S+)/;

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the process without a goodbye, as a crash would. */
  kill(): Promise<void>;
}

/**
 * Starts a server on `port` (0 takes any free one) and waits until it accepts connections. `within` is a command that runs
 * the one that follows it in its own place.
 */
export async function startServer(
  port = 0,
  flags: readonly string[] = [],
  within: readonly string[] = [],
): Promise<RunningServer> {
  const args = ["--port", String(port), ...flags];
  const outcome = readFlags(args, () => undefined);
  if (outcome.kind !== "settings") {
    throw new Error(`Cannot start the server: its flags are wrong, given ${args}`);
  }
  const [command = "deno", ...before] = [...within, "deno"];
  const child = new Deno.Command(command, {
    args: [...before, ...serverCommand(outcome.settings, args)],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let url = READY.exec(text)?.[1];
  while (url === undefined) {
    const { done, value } = await reader.read();
    if (done) {
      throw new Error(`Cannot start the server as it ended early: current value is ${JSON.stringify(text)}`);
    }
    text += value;
    url = READY.exec(text)?.[1];
  }
  let ended = false;
  const end = async (signal: Deno.Signal): Promise<void> => {
    if (ended) return;
    ended = true;
    child.kill(signal);
    await child.status;
    await reader.cancel();
  };
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid,
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGTERM"),
  };
}
