/** Names and addresses under which a machine reaches itself and nobody else does. */

/** Whether a host is such a name; an IPv6 address may stand in brackets, as in an address. */
export function isOwnName(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}
