/** Models that people teach: their collections are read, and their models listed, as far as the data folder can be had. */
import { GradcastError } from "../shared/errors.ts";
import { systemClock } from "./clock/mod.ts";
import { PictureReader } from "./engine/mod.ts";
import type { Settings } from "./flags.ts";
import { openHeadWorker } from "./heads/mod.ts";
import type { Logger } from "./logger/mod.ts";
import type { ModelPool } from "./pool/mod.ts";
import type { TaughtStore } from "./store/mod.ts";
import { Taught } from "./teach/mod.ts";

const MEGABYTE = 1_000_000;

/** What teaching takes. */
export interface TeachingParts {
  readonly pool: ModelPool;
  /** Null: no models are taught. */
  readonly store: TaughtStore | null;
  readonly logger: Logger;
}

/** Opens what models are taught from; where it cannot be read now, each later request is a new try. */
export async function openTaught(
  { taughtMegabytes }: Settings,
  { pool, store, logger }: TeachingParts,
): Promise<Taught | null> {
  if (store === null) return null;
  const taught = new Taught({
    ...{ pool, store, logger, clock: systemClock, date: Date.now, reader: new PictureReader() },
    openWorker: openHeadWorker,
    maxBytes: taughtMegabytes * MEGABYTE,
  });
  try {
    await taught.load();
  } catch (error) {
    // The store has said why.
    if (!(error instanceof GradcastError)) throw error;
  }
  return taught;
}
