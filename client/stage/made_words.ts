/** What a map is made of, in the page's words. Pure. */
import type { Samples } from "../../shared/codec.ts";
import { samplesWords } from "../../shared/map_values.ts";
import type { Sampling } from "../../shared/protocol.ts";
import { logits } from "../ui/format.ts";

/** "500 masks, standard error 0.004"; empty where the method draws no samples, or none has come yet. */
export function madeWords(samples: Samples | null, sampling: Sampling | null): string {
  return samples === null || sampling === null ? "" : samplesWords(samples, sampling, logits);
}
