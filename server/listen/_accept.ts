/** Accepts connections for as long as the server listens, whatever goes wrong meanwhile. */

/** How long to wait after a connection could not be accepted, in ms: files have to be closed first. */
const PAUSE_MS = 100;

/** What ends one connection before it is accepted: the next one waits behind it already. */
const BROKEN_OFF = [
  Deno.errors.NotConnected,
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionReset,
] as const;

/** Accepting, until it is ended. */
export interface Accepting {
  /** Closes the listening socket; resolves when nothing more is accepted. */
  end(): Promise<void>;
}

/**
 * Hands each connection to `take`. Where one cannot be accepted, as no file is left for it, it waits in the system's queue
 * until one is; `onFault` hears of the first of such failures in a row. One that its client has broken off meanwhile costs
 * the others nothing.
 */
export function acceptAll(
  listener: Deno.TcpListener,
  take: (connection: Deno.TcpConn) => void,
  onFault: (error: unknown) => void,
): Accepting {
  let ended = false;
  let wake = () => {};

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function acceptOne(): Promise<unknown> {
    try {
      take(await listener.accept());
      return null;
    } catch (error) {
      if (BROKEN_OFF.some((one) => error instanceof one)) return null;
      return error ?? new Error("Cannot accept the connection: no reason was given");
    }
  }

  async function run(): Promise<void> {
    let before: unknown = null;
    while (!ended) {
      const failure = await acceptOne();
      if (failure !== null && !ended) {
        if (before === null) onFault(failure);
        await pause();
      }
      before = failure;
    }
  }

  const running = run();
  return {
    async end() {
      ended = true;
      wake();
      listener.close();
      await running;
    },
  };
}
