/** What the panel Teach needs of the page. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Welcome } from "../../../shared/protocol.ts";
import type { Enlarged } from "../../stage/enlarged.ts";
import type { Toasts } from "../../ui/toasts.ts";
import type { MapContent } from "../../view/pane_content.ts";
import type { PicturePorts } from "../../picture/newest_picture.ts";
import type { RememberedTeaching } from "./model.ts";

/** Its ports. */
export interface TeachPorts extends PicturePorts {
  readonly welcome: ReadonlySignal<Welcome | null>;
  /** Id of the model that is shown or waited for; reads a signal. */
  readonly chosen: () => string | undefined;
  readonly setModel: (id: string) => void;
  /** The channel that is shown over the picture, or null. */
  readonly enlarged: Signal<Enlarged | null>;
  /** Shows these maps side by side with the main one. */
  readonly compare: (contents: readonly MapContent[]) => void;
  readonly say: Toasts["say"];
  /** What the model that is shown says of the picture of now, in words, or null; reads a signal. */
  readonly saying: () => string | null;
  /** What was open at the last visit. */
  readonly remembered: () => RememberedTeaching;
  readonly remember: (teaching: RememberedTeaching) => void;
}
