import type { MiddlewareHandler } from "hono";
import { GradcastError } from "../../shared/errors.ts";

/** Addresses of the machine itself. */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Whom Deno says that a request comes from; absent where the app is called without a port. */
interface Peer {
  readonly remoteAddr?: { readonly hostname?: string };
}

/** Refuses who asks from another machine, though it may reach the page: what the log shows is private. */
export function ownMachineOnly(): MiddlewareHandler<{ Bindings: Peer }> {
  return async function ownMachineMiddleware({ env }, next) {
    const from = env?.remoteAddr?.hostname;
    if (from !== undefined && !LOOPBACK.test(from)) {
      throw new GradcastError(
        "own-machine-only",
        `Cannot show this as it is for the server's own machine: current value is ${from}`,
      );
    }
    await next();
  };
}
