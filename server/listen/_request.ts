/** From Node's message to a web request, or the refusal of one that is none. */
import type { IncomingMessage } from "node:http";
import { GradcastError } from "../../shared/errors.ts";
import { bodyStream, type BodyTimes } from "./_body.ts";

/** Methods that a web request can have. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Name or address, with a port or without: what a host may look like (RFC 9110, 7.2). */
const HOST = /^(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Versions of HTTP that look like this one's requests. */
const VERSIONS = new Set(["1.0", "1.1"]);

/** Stands for the host in an address where an HTTP/1.0 client names none. */
const NO_HOST = "localhost";

/**
 * Makes the request that an app answers.
 *
 * @throws GradcastError `bad-request` or `method-not-allowed`
 */
export function requestOf(incoming: IncomingMessage, signal: AbortSignal, times: BodyTimes): Request {
  const method = incoming.method ?? "";
  if (!METHODS.has(method)) {
    throw new GradcastError("method-not-allowed", `Cannot serve the request: no address knows ${method}`);
  }
  const url = urlOf(incoming);
  const headers = new Headers();
  const { rawHeaders } = incoming;
  try {
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
    }
  } catch (cause) {
    throw badRequest("a header has a name or a value that is none", { cause });
  }
  const hasBody = method !== "GET" && method !== "HEAD" &&
    (headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0);
  return new Request(url, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: bodyStream(incoming, times), duplex: "half" } : {}),
  });
}

function urlOf({ url: target = "", rawHeaders, httpVersion }: IncomingMessage): string {
  if (!VERSIONS.has(httpVersion)) throw badRequest(`it is not HTTP/1.1, got HTTP/${httpVersion}`);
  const hosts = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === "host");
  const [host = NO_HOST] = hosts;
  if (hosts.length === 0 && httpVersion !== "1.0") throw badRequest("it has no Host");
  if (hosts.length > 1) throw badRequest("it has more than one Host");
  if (!HOST.test(host)) throw badRequest("its Host is no name or address with a port");
  const url = target.startsWith("/") ? URL.parse(`http://${host}${target}`) : URL.parse(target);
  // Who asks a proxy writes the whole address: it has to be the one that Host says, which the guards look at.
  const own = URL.parse(`http://${host}`);
  if (url === null || url.protocol !== "http:" || own === null || url.host !== own.host) {
    throw badRequest("its target is no path of this server");
  }
  return url.href;
}

function badRequest(reason: string, options?: ErrorOptions): GradcastError {
  return new GradcastError("bad-request", `Cannot read the request: ${reason}`, options);
}
