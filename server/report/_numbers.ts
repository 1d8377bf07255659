/** What the numbers of a method's raw maps are. */
import type { OptionValues } from "../../shared/protocol.ts";

const LOGITS = "logits";
const SLOPE = "logits per unit of input";

/** Methods whose numbers are not logits. */
const UNITS: Readonly<Record<string, string>> = {
  "eigen-cam": "activation",
  "score-cam": "activation",
  "saliency": SLOPE,
  "smoothgrad": SLOPE,
  "guided-backprop": SLOPE,
  "guided-grad-cam": "slope × logits",
  "fullgrad": "relative",
  "rise": "probability",
  "cnn-fixations": "fixations",
  "activations": "grey level",
  "feature-visualization": "grey level",
};

/** Methods whose every number lies far above zero, so that only differences say something. */
const LIFTED: readonly string[] = ["fullgrad", "rise"];

/** Names the unit of a method's raw map. */
export function unitOf(method: string, options: OptionValues): string {
  const unit = UNITS[method] ?? LOGITS;
  if (options["score"] !== "probability") return unit;
  return unit.replaceAll("logits", "probability");
}

/** True where zero means nothing in a method's maps, so that their scale begins at the smallest number. */
export function isLifted(method: string): boolean {
  return LIFTED.includes(method);
}
