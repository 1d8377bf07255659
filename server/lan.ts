/** Addresses under which other machines of the network reach the server. */

/** A network interface, as Deno reports it. */
export type Interface = Pick<Deno.NetworkInterfaceInfo, "family" | "address">;

/** Gives the address under which this machine itself reaches a server that listens on `host`. */
export function ownAddress(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/**
 * Gives the addresses of a server that listens on `host`: none where only this machine reaches it.
 *
 * @param interfaces asked where it listens on every interface
 */
export function lanAddresses(host: string, port: number, interfaces: () => readonly Interface[]): string[] {
  if (host === "localhost" || host.startsWith("127.") || host === "::1") return [];
  if (host !== "0.0.0.0" && host !== "::") {
    return [`http://${host.includes(":") ? `[${host}]` : host}:${port}`];
  }
  return interfaces()
    // Link-local addresses of IPv6 need the name of an interface, which no link can carry.
    .filter(({ family, address }) => family === "IPv4" && !address.startsWith("127."))
    .filter(({ address }) => !address.startsWith("169.254."))
    .map(({ address }) => `http://${address}:${port}`);
}
