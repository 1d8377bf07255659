/** Addresses under which other machines reach the server. */
import { isOwnName } from "../shared/own_name.ts";

/** A network interface, as Deno reports it. */
export type Interface = Pick<Deno.NetworkInterfaceInfo, "family" | "address">;

/** Gives the address under which this machine itself reaches a server that listens on `host`. */
export function ownAddress(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/**
 * Gives the addresses of a server that other machines reach: the origins that it was given, whose names are not this
 * machine's own, then those in its network.
 */
export function reachableAddresses(
  { host, origins }: { readonly host: string; readonly origins: readonly string[] },
  port: number,
  interfaces: () => readonly Interface[],
): string[] {
  const named = origins.filter((origin) => !isOwnName(new URL(origin).hostname));
  return [...named, ...lanAddresses(host, port, interfaces)];
}

/**
 * Gives the addresses of a server that listens on `host`: none where only this machine reaches it.
 *
 * @param interfaces asked where it listens on every interface
 */
export function lanAddresses(host: string, port: number, interfaces: () => readonly Interface[]): string[] {
  if (isOwnName(host)) return [];
  if (host !== "0.0.0.0" && host !== "::") {
    return [`http://${host.includes(":") ? `[${host}]` : host}:${port}`];
  }
  return interfaces()
    // Link-local addresses of IPv6 need the name of an interface, which no link can carry.
    .filter(({ family, address }) => family === "IPv4" && !address.startsWith("127."))
    .filter(({ address }) => !address.startsWith("169.254."))
    .map(({ address }) => `http://${address}:${port}`);
}
