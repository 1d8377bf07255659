/** What `/healthz` calls the states in which something does not work as it should. */

/** Why a server is degraded; PROTOCOL.md, Z2 says what each means. */
export const HEALTH_REASONS = [
  /** No engine runs: it starts again. */
  "engine-restarting",
  /** The engine was replaced within the last minute. */
  "engine-restarted",
  /** Frames or rows were lost to failures within the last minute. */
  "work-failed",
  /** The data folder's disk has little room left. */
  "disk-nearly-full",
  /** The decision log could not be opened, or could not write lately. */
  "log-failed",
  /** The store of clips could not be opened, or could not write lately. */
  "clips-failed",
  /** No seat for a further viewer is free. */
  "seats-taken",
  /** An error that nothing handled was caught within the last minute. */
  "unhandled-error",
] as const;

export type HealthReason = typeof HEALTH_REASONS[number];
