/** What "Every frame" needs of the page. */
import type { ReadonlySignal } from "@preact/signals";
import type { ColormapName } from "../../../shared/colormaps.ts";
import type { MethodInfo } from "../../../shared/protocol.ts";
import type { InputSize } from "../../picture/square_encoder.ts";
import type { Source } from "../../picture/source.ts";
import type { Seen } from "../../stage/seen.ts";
import type { Toasts } from "../../ui/toasts.ts";
import type { FilmChoices } from "../../view/settings.ts";

/** What the main view is when a video is taken: it explains all of its frames. */
export interface MainView {
  readonly seen: Seen;
  readonly input: InputSize;
  /** Null before the server has named it. */
  readonly method: MethodInfo | null;
}

/** What the feature needs. */
export interface EveryFramePorts {
  /** The live picture, which waits while frames are explained. */
  readonly source: Pick<Source, "kind" | "isStill" | "setFrozen">;
  /** The main view now; reads signals. */
  readonly mainView: () => MainView;
  /** Name of the class that the main view explains, or null for the first of each frame; reads signals. */
  readonly targetName: () => string | null;
  /** Colours of maps that have one sign, and with which share maps lie over the picture, 0…1. */
  readonly look: () => { readonly colormap: ColormapName; readonly opacity: number };
  readonly choices: ReadonlySignal<FilmChoices>;
  readonly choose: (part: Partial<FilmChoices>) => void;
  readonly say: Toasts["say"];
}
