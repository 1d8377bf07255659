/** Requests to an app without a port, as a listening server hands on those of its own machine. */
import type { Hono } from "hono";

/** Sends a request to an app. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** What a listening server says of the other end of a connection. */
export function peer(hostname: string) {
  return { remoteAddr: { transport: "tcp", hostname, port: 1 } } as const;
}

/** Asks `app` from `hostname`, this machine by default; headers of a request win over `Host: localhost:8000`. */
export function asker(app: Hono, hostname = "127.0.0.1"): Ask {
  return async (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has("host")) headers.set("host", "localhost:8000");
    return await app.request(path, { ...init, headers }, peer(hostname));
  };
}
