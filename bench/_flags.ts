/** What the bench takes on its command line. */

/** Flags, checked. */
export interface BenchFlags {
  /** One JSON document on standard output and nothing else. */
  readonly json: boolean;
  /** A document of bench/peers.py, `run` to take turns with it, or null to compare with the stock backend. */
  readonly peers: string | null;
  /** Pairs of measurements of each row at most, or null for what each row needs. */
  readonly rounds: number | null;
}

/**
 * Reads the flags.
 *
 * @throws RangeError for an unknown flag or a bad value
 */
export function parseFlags(args: readonly string[]): BenchFlags {
  let flags: BenchFlags = { json: false, peers: null, rounds: null };
  const left = [...args];
  for (let flag = left.shift(); flag !== undefined; flag = left.shift()) {
    switch (flag) {
      case "--json":
        flags = { ...flags, json: true };
        break;
      case "--peers":
        flags = { ...flags, peers: valueOf(flag, "a file of bench/peers.py, or 'run'", left.shift()) };
        break;
      case "--rounds":
        flags = { ...flags, rounds: roundsOf(valueOf(flag, "a whole number from 1", left.shift())) };
        break;
      default:
        throw new RangeError(
          `Cannot run the bench: expected --json, --peers or --rounds, got ${flag}`,
        );
    }
  }
  return flags;
}

function valueOf(flag: string, wanted: string, value: string | undefined): string {
  if (value !== undefined && !value.startsWith("--")) return value;
  throw new RangeError(
    `Cannot run the bench: ${flag} needs ${wanted}, got ${value ?? "nothing"}`,
  );
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new RangeError(
    `Cannot run the bench: --rounds must be a whole number from 1, got ${text}`,
  );
}
