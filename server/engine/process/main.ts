/**
 * Entry of the engine's process: connects to the server and computes for it. When the server closes the connection the
 * process exits, so that the engine is ended without anybody's permission to kill.
 */
import { beat } from "./beat.ts";
import { hostEngine } from "./host.ts";

/** Pause between two tries to connect, in ms: the server may still be starting. */
const PAUSE_MS = 25;

/** How long the process may continue once it is to stop, in ms: the server, which stops too, may have answers under way. */
const STOP_MS = 3_000;

/** Exit code of a call without a path. */
const BAD_INPUT = 2;

async function main(path: string): Promise<void> {
  beat();
  let connected = false;
  const stopSoon = () => {
    if (!connected) Deno.exit(0);
    setTimeout(() => Deno.exit(0), STOP_MS);
  };
  // A terminal's Ctrl+C and a service's stop reach all processes: the server stops in order and closes the connection.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stopSoon);
  void launcherGone().then(stopSoon);
  const connection = await connect(path);
  connected = true;
  await hostEngine(connection);
}

async function connect(path: string): Promise<Deno.UnixConn> {
  for (;;) {
    try {
      return await Deno.connect({ transport: "unix", path });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused)) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Resolves when the launcher has ended: it holds the other end of the standard input. */
async function launcherGone(): Promise<void> {
  const buffer = new Uint8Array(1);
  while (await Deno.stdin.read(buffer).catch(() => null) !== null);
}

const [path] = Deno.args;
if (path === undefined) {
  const words = "Cannot run the engine: expected the path of the server's socket as argument, got none. " +
    "The launcher starts this process: use `deno task start`\n";
  Deno.stderr.writeSync(new TextEncoder().encode(words));
  Deno.exit(BAD_INPUT);
}
await main(path);
