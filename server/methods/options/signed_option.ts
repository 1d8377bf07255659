/** The option `signed` of the CAM family. */
import type { OptionSpec, OptionValues } from "../../../shared/protocol.ts";

/** One table entry for every method that takes it. */
export const SIGNED_OPTION: OptionSpec = {
  kind: "flag",
  name: "signed",
  default: false,
  help: "Leave out the final ReLU, so that evidence against the class shows as negative values.",
};

/** The lowest value that a map may have: 0 where the final ReLU stays. */
export function floorOf(options: OptionValues): number {
  return options["signed"] === true ? -Infinity : 0;
}
