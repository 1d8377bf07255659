/** The links under which a show is watched and steered. */
import { isOwnName } from "../../../shared/own_name.ts";

/**
 * Chooses the address that other devices reach, or null where there is none.
 *
 * @param origin where the page itself was opened
 * @param addresses what the server says of itself
 */
export function reachableOrigin(origin: string, addresses: readonly string[]): string | null {
  const { hostname } = new URL(origin);
  return isOwnName(hostname) ? addresses[0] ?? null : origin;
}

/** Makes a link of an origin, a use and a code. */
export function showLink(origin: string, use: "watch" | "remote", code: string): string {
  return new URL(`/${use}/${code}`, origin).href;
}
