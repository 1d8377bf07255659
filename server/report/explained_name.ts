/** What a map is a map of, for those who read it. */
import { shortLabel } from "../../shared/labels.ts";
import type { ExplainedMap } from "../explain/mod.ts";

/** "espresso (967)"; a picture of the network is one of its channel, or of no class at all, which is null. */
export function explainedName(
  { subject, options, target }: Pick<ExplainedMap, "subject" | "options" | "target">,
) {
  if (subject === "network") {
    switch (options["of"]) {
      case "channel":
        return `channel ${options["channel"]}`;
      case "neuron":
        return `the middle neuron of channel ${options["channel"]}`;
      case undefined:
        return null;
    }
  }
  return `${shortLabel(target.label)} (${target.index})`;
}
