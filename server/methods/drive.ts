/** Runs an explanation straight against an engine: the same generators as the server's, without its scheduler. */
import { GradcastError } from "../../shared/errors.ts";
import { type Engine, MAX_BATCH_ROWS, type Probe, probeKey } from "../engine/port.ts";
import type { Attribution, GoodRow, MapTile, MethodStep, RawMap } from "./method.ts";

/** What may be watched while an explanation runs. */
export interface DriveOptions {
  /** Ends the run between two batches; the signal's reason is then thrown. */
  readonly signal?: AbortSignal;
  readonly onRanking?: (logits: Float32Array) => void;
  readonly onTile?: (tile: MapTile) => void;
}

/**
 * Runs a method's generator to its end and returns its map; the frame must have been admitted before.
 *
 * @throws GradcastError `engine-failed` where a row failed
 */
export function drive(
  engine: Pick<Engine, "run">,
  attribution: Attribution,
  options: DriveOptions = {},
): Promise<RawMap> {
  return driveSteps(engine, attribution, options);
}

/**
 * Runs any generator over probes to its end and returns what it returns.
 *
 * @throws GradcastError `engine-failed` where a row failed
 */
export async function driveSteps<T>(
  engine: Pick<Engine, "run">,
  steps: Generator<MethodStep, T, readonly GoodRow[]>,
  { signal, onRanking, onTile }: DriveOptions = {},
): Promise<T> {
  const known = new Map<string, GoodRow>();
  let rows: readonly GoodRow[] = [];
  for (;;) {
    const next = steps.next(rows);
    if (next.done === true) return next.value;
    const step = next.value;
    rows = [];
    try {
      switch (step.kind) {
        case "ranking":
          onRanking?.(step.logits);
          break;
        case "tile":
          onTile?.(step.tile);
          break;
        case "probes":
          rows = await answer(engine, step.probes, step.lane === "frame" ? known : new Map(), signal);
          break;
        default: {
          const never: never = step;
          throw new TypeError(`Cannot take the step: its kind ${never} is unknown`);
        }
      }
    } catch (error) {
      // Ends the generator where it stands, so that what it holds is given back; it lets the error through.
      steps.throw(error);
      throw error;
    }
  }
}

/** Answers a group of probes, each different one computed once; `known` keeps what may be asked for again. */
async function answer(
  engine: Pick<Engine, "run">,
  probes: readonly Probe[],
  known: Map<string, GoodRow>,
  signal: AbortSignal | undefined,
): Promise<GoodRow[]> {
  const missing = [
    ...new Map(probes.map((probe) => [probeKey(probe), probe])).entries(),
  ].filter(([key]) => !known.has(key));
  for (let first = 0; first < missing.length; first += MAX_BATCH_ROWS) {
    signal?.throwIfAborted();
    const batch = missing.slice(first, first + MAX_BATCH_ROWS);
    const { rows } = await engine.run(batch.map(([, probe]) => probe));
    for (const [index, [key]] of batch.entries()) {
      const row = rows[index];
      if (row?.ok !== true) {
        throw new GradcastError(
          "engine-failed",
          row?.reason ?? "Cannot explain the frame: its row is missing",
        );
      }
      known.set(key, row);
    }
  }
  return probes.map((probe) => known.get(probeKey(probe))).filter((row) => row !== undefined);
}
