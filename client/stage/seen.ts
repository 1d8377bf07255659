/**
 * What the page knows at the moment of a picture. A recording keeps it with each picture: when it ends, a camera that was
 * unplugged has taken scale, labels and view along. Pure.
 */
import type { View } from "../../shared/protocol.ts";
import type { SidecarModel } from "../../shared/sidecar.ts";
import type { Shading } from "../map/shade.ts";

/** Facts of the page at a moment. */
export interface Seen {
  readonly view: View;
  /** Names of method and model for people. */
  readonly methodName: string;
  readonly modelName: string;
  /** The model that explains; null before the server has named one. */
  readonly model: SidecarModel | null;
  readonly signed: boolean;
  /** Unit of the map's values. */
  readonly unit: string;
  /** How the map's values become colours; null: no scale is known yet. */
  readonly shading: Shading | null;
  /** With which the map lies over the picture, 0…1. */
  readonly opacity: number;
  /** Whether the map shows the network itself, so that no picture is seen below it. */
  readonly network: boolean;
  /** Whether the picture is shown as a mirror shows it. */
  readonly mirrored: boolean;
  /** Width over height of what the network sees of the picture. */
  readonly aspect: number;
  /** The sentence below the picture, where captions have it; empty: none is known yet; null: captions have none. */
  readonly sentence: string | null;
  /** Indexes of the classes whose name another class has too. */
  readonly sharedNames: readonly number[];
}
