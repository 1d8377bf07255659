/** Which connections count as one client's. */

/** The machine itself. */
export const LOOPBACK = "loopback";

/** Hexadecimal groups of an IPv6 address that name a network: what follows is a machine's own choice. */
const NETWORK_GROUPS = 4;

/**
 * Name of the group that a numeric address belongs to: the machine itself, an IPv4 address (mapped into IPv6 or not),
 * or the network of an IPv6 address (its first 64 bits), as whoever has one address of it has them all.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  if (plain === "::1" || /^127\./.test(plain)) return LOOPBACK;
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.toLowerCase().split("%")[0]?.split("::") ?? [];
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array.from({ length: zeros }, () => "0"), ...last];
  return `${groups.slice(0, NETWORK_GROUPS).map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}
