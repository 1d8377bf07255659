/** Random inputs: a test that fails with them prints the seed that makes them again. */
import fc from "fast-check";
import { Random } from "./random.ts";

/** The variable that gives a run its seed, from 0 to 2³² − 1. */
const VARIABLE = "GRADCAST_SEED";

/** The seed of `GRADCAST_SEED`; without it `usual`, or a new one each time. */
export function readSeed(usual?: number): number {
  const given = Deno.env.get(VARIABLE);
  const seed = given === undefined ? usual ?? Date.now() : Number(given);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `Cannot seed the test: ${VARIABLE} must be a whole number from 0 on, got '${given}'`,
    );
  }
  return seed >>> 0;
}

/** What a property may ask for: how many inputs it gets, and the seed where any other might miss what it counts. */
export interface PropertyOptions {
  /** Inputs, by default 100. */
  readonly numRuns?: number;
  readonly seed?: number;
}

/** Holds `property` against random inputs, smallest counterexample first. */
export function assertProperty<Ts>(property: fc.IAsyncProperty<Ts>, options?: PropertyOptions): Promise<void>;
export function assertProperty<Ts>(property: fc.IProperty<Ts>, options?: PropertyOptions): void;
export function assertProperty<Ts>(
  property: fc.IAsyncProperty<Ts> | fc.IProperty<Ts>,
  { seed: usual, ...options }: PropertyOptions = {},
): Promise<void> | void {
  const seed = readSeed(usual);
  return namingSeed(seed, () => fc.assert(property, { ...options, seed }));
}

/** Runs a test that draws its inputs itself. */
export async function withRandom(act: (random: Random) => Promise<void>): Promise<void> {
  const seed = readSeed();
  await namingSeed(seed, () => act(new Random(seed)));
}

/** Passes on what `act` does; an error gets one around it that names the seed. */
function namingSeed(seed: number, act: () => Promise<void> | void): Promise<void> | void {
  const fail = (cause: unknown): never => {
    throw new Error(`Cannot hold for these random inputs: run the test again with ${VARIABLE}=${seed}`, {
      cause,
    });
  };
  try {
    return act()?.catch(fail);
  } catch (error) {
    fail(error);
  }
}
