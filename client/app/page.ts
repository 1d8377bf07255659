/** The page as its own components and actions see it: its models side by side. Nothing outside `app` knows it. */
import type { ReadonlySignal } from "@preact/signals";
import type { Box } from "../../shared/region.ts";
import type { StageModel } from "../stage/stage_model.ts";
import type { Action } from "../ui/action.ts";
import type { Layers } from "../ui/layers.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { Settings } from "../view/settings.ts";
import type { FeatureModels } from "./feature_models.ts";
import type { PageState } from "./page_state.ts";
import type { PictureModels } from "./picture_models.ts";
import type { StreamModels } from "./stream_models.ts";

/** Everything that is put together on the page. */
export interface Page extends PageState, PictureModels, StreamModels, FeatureModels {
  /** How the map lies over the picture. */
  readonly stage: StageModel;
  /** What the map is made of: "500 masks, standard error 0.004"; empty where its method draws no samples. */
  readonly made: ReadonlySignal<string>;
  /** The box around the map's strongest region, where boxes are drawn; null: there is none. */
  readonly box: ReadonlySignal<Box | null>;
  readonly toasts: Toasts;
  readonly settings: ReadonlySignal<Settings>;
  change(part: Partial<Settings>): void;
  setOpacity(opacity: number): void;
  /** What is open, for Escape and Back. */
  readonly layers: Layers;
  /** Everything that can be done, in the order of the help. */
  readonly actions: readonly Action[];
  /** Returns an action by its id. */
  action(id: string): Action;
  openFile(file: File): void;
  chooseFile(): void;
}
