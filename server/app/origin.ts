import type { MiddlewareHandler } from "hono";
import { GradcastError } from "../../shared/errors.ts";

/** Which pages may use the server. */
export interface OriginRules {
  /** Host name that the server listens on. */
  readonly host: string;
  /** Origins allowed beside the server's own, for a page behind a reverse proxy. */
  readonly origins: readonly string[];
}

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Refuses requests that come from a page of another origin (H6). CORS does not guard WebSockets, and a name
 * that an attacker points at this machine passes for the same origin: so the Host is checked as well.
 */
export function originGuard(rules: OriginRules): MiddlewareHandler {
  return async function originGuardMiddleware(context, next) {
    const origin = context.req.header("origin");
    if (origin !== undefined && !isAllowedOrigin(rules, origin, context.req.header("host") ?? "")) {
      throw new GradcastError(
        "origin-refused",
        `Cannot serve the request: it comes from a page of ${origin}, and the server answers pages of its own ` +
          `address alone. Open the address that it printed, or start it with --origin ${origin}`,
      );
    }
    await next();
  };
}

/** True where a page of `origin` may talk to the server that was addressed as `host` (name and port). */
export function isAllowedOrigin({ host, origins }: OriginRules, origin: string, addressed: string): boolean {
  if (origins.includes(origin)) return true;
  const page = URL.parse(origin);
  if (page === null || (page.protocol !== "http:" && page.protocol !== "https:")) return false;
  return page.host === addressed && isOwnName(page.hostname, host);
}

/** A numeric address cannot be re-pointed by an attacker's name server, so it counts as the server's own. */
function isOwnName(name: string, host: string): boolean {
  return LOOPBACK_NAMES.has(name) || name === host || /^(\d+\.){3}\d+$/.test(name) || name.startsWith("[");
}
