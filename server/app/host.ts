/** Which names the server answers to (H9): a page of a name that somebody points at this machine reads nothing. */
import type { MiddlewareHandler } from "hono";
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import { refusedHostPage } from "./_refused_host_page.ts";

/** Which names the server answers to, and which pages may use it. */
export interface OriginRules {
  /** Host name that the server listens on. */
  readonly host: string;
  /** Origins allowed beside the server's own, for a page behind a reverse proxy. */
  readonly origins: readonly string[];
}

const MAX_PORT = 65_535;
const MAX_NAME_CHARS = 253;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::(\d{1,5}))?$/;

/** The name in a `Host` header, in lower case, an IPv6 address in its brackets; null where the header is none. */
export function hostName(header: string): string | null {
  const [, name, port = "0"] = HOST.exec(header.toLowerCase()) ?? [];
  return name === undefined || name.length > MAX_NAME_CHARS || Number(port) > MAX_PORT ? null : name;
}

/** True for the names under which only the machine itself is reached. */
export function isLoopbackName(name: string): boolean {
  return name === "localhost" || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * True for the names that are the server's own: a name server of somebody else cannot point a number elsewhere, so every
 * numeric address is one, whichever interface or forwarded port it belongs to.
 */
export function isOwnName(name: string, listensOn: string): boolean {
  return isLoopbackName(name) || /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.startsWith("[") ||
    name === listensOn.toLowerCase();
}

/**
 * What is wrong with the `Host` of a request, or null. The port is not looked at, as forwarded ports change it.
 *
 * @param header as the request has it; undefined: not at all
 */
export function hostFault({ host, origins }: OriginRules, header: string | undefined): GradcastError | null {
  const name = header === undefined ? null : hostName(header);
  if (name === null) {
    return new GradcastError(
      "bad-request",
      `Cannot serve the request: expected a Host header such as localhost:8000, got ${
        header === undefined ? "none" : JSON.stringify(header)
      }`,
    );
  }
  if (isOwnName(name, host) || origins.some((origin) => URL.parse(origin)?.hostname === name)) return null;
  return new GradcastError(
    "host-refused",
    `Cannot serve the request: the server does not answer to the name ${name}. Open the address that it printed, or ` +
      `start it with --origin http://${header} (or https://${header}, as the browser shows it)`,
  );
}

/** Refuses requests for names that the server does not answer to; a browser that opens one shows why. */
export function hostGuard(rules: OriginRules): MiddlewareHandler {
  return async function hostGuardMiddleware(context, next) {
    const fault = hostFault(rules, context.req.header("host"));
    if (fault === null) return await next();
    // Nothing of the app is served: a page of that name would be one with whatever else is served under it.
    if (context.req.header("accept")?.includes("text/html") !== true) throw fault;
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
    return context.body(refusedHostPage(fault.message), ERRORS[fault.code].status, headers);
  };
}
