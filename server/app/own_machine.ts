/** Whether a request comes from the server's own machine (H10): what the log and the clips show is private. */
import type { Context, MiddlewareHandler } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { hostName, isLoopbackName } from "./host.ts";

/** Addresses of the machine itself, as the listening socket has them. */
const LOOPBACK_PEER = /^(127\.|::1$|::ffff:127\.)/;

/** Headers by which proxies, tunnels and content networks say for whom they ask, and families of such headers. */
const FORWARDING = new Set([
  "cdn-loop",
  "client-ip",
  "fastly-client-ip",
  "fly-client-ip",
  "forwarded",
  "forwarded-for",
  "true-client-ip",
  "via",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-real-ip",
]);
const FORWARDING_PREFIXES = [
  "cf-",
  "ngrok-",
  "tailscale-",
  "x-amzn-",
  "x-arr-",
  "x-azure-",
  "x-envoy-",
  "x-forwarded",
  "x-original-",
  "x-proxy",
];

/** What a listening server says of the other end; absent where an app is called without a port. */
export interface Peer {
  readonly remoteAddr?: { readonly hostname?: string };
  readonly httpVersion?: string;
}

/** What is known of where a request comes from. */
export interface RequestFacts {
  /** The other end's numeric address, or null where it is not known. */
  readonly peer: string | null;
  /** HTTP's version, or null where it is not known. */
  readonly httpVersion: string | null;
  readonly headers: Headers;
}

/** The facts of a request in Hono's hands. */
export function factsOf({ env, req }: Pick<Context<{ Bindings: Peer }>, "env" | "req">): RequestFacts {
  const { remoteAddr, httpVersion } = env ?? {};
  return { peer: remoteAddr?.hostname ?? null, httpVersion: httpVersion ?? null, headers: req.raw.headers };
}

/** True for a request from the server's own machine, as H10 says. */
export function isOwnMachine(facts: RequestFacts): boolean {
  return whyProxied(facts) === null && whyForeignPage(facts.headers) === null;
}

/** Why a request may not come straight from this machine; null: it does. A proxy on it has a loopback peer, too. */
function whyProxied({ peer, httpVersion, headers }: RequestFacts): string | null {
  if (peer === null || !LOOPBACK_PEER.test(peer)) return `it comes from ${peer ?? "an unknown address"}`;
  const host = headers.get("host") ?? "";
  if (!isLoopbackName(hostName(host) ?? "")) return `it was sent to ${host === "" ? "no name" : host}`;
  // Some proxies write neither a name nor a header by default (nginx before 1.29.7), but nobody else speaks it any more.
  if (httpVersion === "1.0") return "it is HTTP/1.0, as proxies send it";
  const forwarding = [...headers.keys()].find(isForwarding);
  return forwarding === undefined ? null : `it passed a proxy, which wrote ${forwarding}`;
}

function isForwarding(header: string): boolean {
  const name = header.toLowerCase();
  return FORWARDING.has(name) || FORWARDING_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Why a request comes from a page of elsewhere; null: from one of this machine, or from none. */
function whyForeignPage(headers: Headers): string | null {
  const origin = headers.get("origin");
  if (origin !== null && !isLoopbackOrigin(origin)) return `it comes from a page of ${origin}`;
  const site = headers.get("sec-fetch-site") ?? "none";
  return site === "none" || site === "same-origin" ? null : "it comes from a page of another address";
}

function isLoopbackOrigin(origin: string): boolean {
  return isLoopbackName(URL.parse(origin)?.hostname ?? "");
}

/**
 * Tells own requests from others for as long as the server runs. A proxy that writes its own `Host` and names nobody
 * cannot be told from this machine, until a page of the outer address comes through it: from then on nothing is own.
 */
export class OwnMachine {
  readonly #onHiddenProxy: (origin: string) => void;
  #hiddenProxy = false;

  /** @param onHiddenProxy called once, with the origin of the page that showed that there is such a proxy */
  constructor(onHiddenProxy: (origin: string) => void = () => {}) {
    this.#onHiddenProxy = onHiddenProxy;
  }

  /** Looks at a request whose `Origin` has been allowed (H6), before it is asked about. */
  observe(facts: RequestFacts): void {
    const origin = facts.headers.get("origin");
    if (this.#hiddenProxy || origin === null || isLoopbackOrigin(origin) || whyProxied(facts) !== null) {
      return;
    }
    this.#hiddenProxy = true;
    this.#onHiddenProxy(origin);
  }

  /** Whether a request comes from the server's own machine. */
  admits(facts: RequestFacts): boolean {
    return this.whyNot(facts) === null;
  }

  /** Why a request does not count as the own machine's, in words; null: it does. */
  whyNot(facts: RequestFacts): string | null {
    return whyProxied(facts) ?? whyForeignPage(facts.headers) ??
      (this.#hiddenProxy ? "a proxy that names nobody cannot be told from this machine" : null);
  }
}

/** Refuses requests that do not come from the server's own machine. */
export function ownMachineOnly(own: OwnMachine): MiddlewareHandler<{ Bindings: Peer }> {
  return async function ownMachineMiddleware(context, next) {
    const reason = own.whyNot(factsOf(context));
    if (reason === null) return await next();
    throw new GradcastError(
      "own-machine-only",
      "Cannot show this: only requests that the server's own machine sends to a loopback address such as " +
        `http://localhost are answered; this is none, ${reason}`,
    );
  };
}
