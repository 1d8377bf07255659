/** What teaching works with. */
import type { Clock } from "../clock/mod.ts";
import type { PictureReader } from "../engine/mod.ts";
import type { HeadWorker } from "../heads/mod.ts";
import type { Logger } from "../logger/mod.ts";
import type { ModelPool } from "../pool/mod.ts";
import type { TaughtStore } from "../store/mod.ts";

export interface TaughtParts {
  readonly pool: ModelPool;
  readonly store: TaughtStore;
  readonly clock: Clock;
  /** The wall clock, in ms since 1970. */
  readonly date: () => number;
  readonly logger: Logger;
  /** Decodes what no engine takes as it is. */
  readonly reader: PictureReader;
  readonly openWorker: () => HeadWorker;
}
