/** Runs the trust meters straight against an engine. */
import type { Trust } from "../../../shared/trust.ts";
import { verdictOf } from "../../../shared/trust_verdict.ts";
import type { Engine } from "../../engine/port.ts";
import { driveSteps } from "../drive.ts";
import type { Method, MethodContext, RawMap } from "../method.ts";
import { baselinesOf } from "./baselines.ts";
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

/** Share of the progress that a map's own meters take; the rest is that of the baselines. */
const METERS_SHARE = 0.7;

/**
 * Measures how far a map can be trusted, sets that beside what a random map and the picture's centre reach, and judges it; its
 * frame must still be admitted. Costs 24 rows more than {@link driveTrust}, fewer for a further map of the same picture where
 * the engine in front keeps rows.
 *
 * @throws GradcastError `engine-failed` where a row failed, `bad-option` where the map is no map of the picture
 */
export async function driveVerdict(
  engine: Pick<Engine, "run">,
  method: Method,
  context: MethodContext,
  map: RawMap,
  { signal, onProgress = () => {} }: DriveTrustOptions = {},
): Promise<Trust> {
  const watched = signal === undefined ? {} : { signal };
  const meters = await driveTrust(engine, method, context, map, {
    ...watched,
    onProgress: (share) => onProgress(share * METERS_SHARE),
  });
  const onBaselines = (share: number) => onProgress(METERS_SHARE + share * (1 - METERS_SHARE));
  const baselines = await driveSteps(engine, baselinesOf(context, map, meters, onBaselines), watched);
  return { ...meters, baselines, verdict: verdictOf({ ...meters, baselines }) };
}
