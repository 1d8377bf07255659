/** The page's clock, for what is written against a port of time. */
export const pageClock = {
  /** Milliseconds since the page was opened. */
  now: (): number => performance.now(),
  /** Calls `fire` once after `ms`; the returned function cancels it. */
  after(ms: number, fire: () => void): () => void {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
