/** Ctrl-C: the first one asks for a clean end, the second one ends the process at once. */

/** A watch on the person's wish to end. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

/** Begins to watch. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let watching = true;
  const stop = () => {
    if (watching) Deno.removeSignalListener("SIGINT", end);
    watching = false;
  };
  const end = () => {
    stop();
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", end);
  return { signal: controller.signal, [Symbol.dispose]: stop };
}
