/** What lies beyond a picture's border. */

/** The index that a mirror at both ends of `length` positions shows, the border's own place twice. */
export function mirror(index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  const within = ((index % (2 * length)) + 2 * length) % (2 * length);
  return within < length ? within : 2 * length - 1 - within;
}
