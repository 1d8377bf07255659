/** What every kind of fuzzing works on, and what counts as a finding. */
import type { RunningServer } from "../support/server.ts";
import type { Random } from "../support/random.ts";

/** How long an answer may take before it counts as none, in ms; two cores are shared with everything that runs. */
export const PATIENCE_MS = 20_000;

/** The server under test. */
export interface Target {
  readonly server: RunningServer;
  /** Says what must not happen. */
  readonly found: (what: string) => void;
}

/** One kind of input; a step sends one of it and waits for what becomes of it. */
export interface Kind {
  readonly name: string;
  readonly step: (target: Target, random: Random) => Promise<void>;
}

/** Sends a request; a status that stands for the server's own fault is a finding. */
export async function ask({ server, found }: Target, path: string, init: RequestInit = {}): Promise<number> {
  const stop = AbortSignal.timeout(PATIENCE_MS);
  try {
    const answer = await fetch(`${server.url}${path}`, { ...init, signal: init.signal ?? stop });
    const bytes = await answer.bytes();
    if (answer.status === 500) {
      found(`${init.method ?? "GET"} ${path}: 500 ${new TextDecoder().decode(bytes).slice(0, 300)}`);
    }
    return answer.status;
  } catch (error) {
    if (stop.aborted) found(`${init.method ?? "GET"} ${path}: no answer within ${PATIENCE_MS} ms`);
    // A request that the client itself cannot send, or that the server cuts off, is no finding.
    if (error instanceof TypeError || error instanceof DOMException) return 0;
    throw error;
  }
}

/** Resolves with `promise`, or with null after `PATIENCE_MS`. */
export async function patiently<T>(promise: Promise<T>): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), PATIENCE_MS);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
