/** Runs the trust meters straight against an engine. */
import type { Engine } from "../../engine/port.ts";
import { driveSteps } from "../drive.ts";
import type { Method, MethodContext, RawMap } from "../method.ts";
import type { TrustReport } from "./report.ts";
import { trustOf } from "./trust.ts";

/** What may be watched while the meters run. */
export interface DriveTrustOptions {
  /** Ends the run between two batches; the signal's reason is then thrown. */
  readonly signal?: AbortSignal;
  /** Receives the share that is done, 0…1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Measures how far a map can be trusted; its frame must still be admitted.
 *
 * @param context what the map was made with
 * @throws GradcastError `engine-failed` where a row failed, `bad-option` where the map is no map of the picture
 */
export function driveTrust(
  engine: Pick<Engine, "run">,
  method: Method,
  context: MethodContext,
  map: RawMap,
  { signal, onProgress }: DriveTrustOptions = {},
): Promise<TrustReport> {
  return driveSteps(
    engine,
    trustOf(method, context, map, onProgress),
    signal === undefined ? {} : { signal },
  );
}
