/** What the list of methods with words and sketches needs beside the methods. */
import type { SameMaps } from "../../shared/protocol.ts";
import type { Layers } from "../ui/layers.ts";

/** Its ports. */
export interface PickerParts {
  readonly layers: Layers;
  /** The methods whose maps are the same if this one is chosen, or null. */
  readonly sameAs: (method: string) => SameMaps | null;
}
