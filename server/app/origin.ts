import type { MiddlewareHandler } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { isOwnName, type OriginRules } from "./host.ts";
import { factsOf, type OwnMachine, type Peer } from "./own_machine.ts";

/** Refuses requests that come from a page of another origin (H6): CORS does not guard WebSockets. */
export function originGuard(rules: OriginRules, own: OwnMachine): MiddlewareHandler<{ Bindings: Peer }> {
  return async function originGuardMiddleware(context, next) {
    const origin = context.req.header("origin");
    if (origin !== undefined && !isAllowedOrigin(rules, origin, context.req.header("host") ?? "")) {
      throw new GradcastError(
        "origin-refused",
        `Cannot serve the request: it comes from a page of ${origin}, and the server answers pages of its own ` +
          `address alone. Open the address that it printed, or start it with --origin ${origin}`,
      );
    }
    own.observe(factsOf(context));
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
