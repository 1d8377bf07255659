/** When the server is to stop: a signal has come, or the launcher has gone. */

/** Name of the variable by which the launcher says that it holds the other end of the standard input. */
const LAUNCHED = "GRADCAST_LAUNCHED";

/** Why the server stops. */
export type StopCause = "signal" | "launcher-gone";

/** Resolves once, when somebody wants the server to stop; further signals change nothing. */
export function stopWanted(): Promise<StopCause> {
  const { promise, resolve } = Promise.withResolvers<StopCause>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Windows knows no SIGTERM listener. Listeners stay: a signal that comes again must not cut the stop short.
    if (signal === "SIGINT" || Deno.build.os !== "windows") {
      Deno.addSignalListener(signal, () => resolve("signal"));
    }
  }
  if (Deno.env.get(LAUNCHED) === "1") {
    const gone = () => resolve("launcher-gone");
    endOfInput().then(gone, gone);
  }
  return promise;
}

async function endOfInput(): Promise<void> {
  const buffer = new Uint8Array(1);
  while (await Deno.stdin.read(buffer) !== null);
}
