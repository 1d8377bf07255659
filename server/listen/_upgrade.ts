/** Requests that ask for a WebSocket. */
import type { IncomingMessage } from "node:http";
import { GradcastError } from "../../shared/errors.ts";

/** A nonce of 16 bytes in base64 (RFC 6455, 4.1). */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

const VERSION = "13";

/** True for a request that is handed over as an upgrade; one for HTTP/2, for example, is answered as if it asked for none. */
export function asksForSocket({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

/**
 * Checks the handshake's headers.
 *
 * @throws GradcastError `bad-request`
 */
export function checkHandshake({ headers }: IncomingMessage): void {
  const version = headers["sec-websocket-version"];
  if (version !== VERSION) {
    throw new GradcastError(
      "bad-request",
      `Cannot open the WebSocket: Sec-WebSocket-Version must be ${VERSION}, got ${version ?? "none"}`,
    );
  }
  if (!KEY.test(headers["sec-websocket-key"] ?? "")) {
    throw new GradcastError(
      "bad-request",
      "Cannot open the WebSocket: Sec-WebSocket-Key is no nonce of 16 bytes",
    );
  }
}
