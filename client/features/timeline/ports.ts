/** What the timeline needs of the page. */
import type { ReadonlySignal } from "@preact/signals";
import type { SidecarModel } from "../../../shared/sidecar.ts";
import type { FinishedClip } from "../../film/finished_clip.ts";
import type { StreamObserver } from "../../live/stream_observers.ts";
import type { MapObserver } from "../../map/map_observers.ts";
import type { Drawable, InputSize } from "../../picture/square_encoder.ts";
import type { Seen } from "../../stage/seen.ts";
import type { Toasts } from "../../ui/toasts.ts";
import type { Settings } from "../../view/settings.ts";

/** How much of the timeline is shown. */
export type TimelineSize = Settings["timeline"];

/** What the timeline needs. */
export interface TimelinePorts {
  /** Lets an observer follow the stream and its maps until the returned function is called. */
  readonly observe: (observer: StreamObserver & MapObserver) => () => void;
  /** What the page knows now. */
  readonly seen: () => Seen;
  /** Size of the network's input, in pixels. */
  readonly input: () => InputSize;
  readonly frozen: ReadonlySignal<boolean>;
  /** Whether no newer picture follows by itself. */
  readonly isStill: () => boolean;
  readonly isLive: () => boolean;
  /** Freezes a picture in place of the newest one; false where there is nothing to freeze. */
  readonly hold: (picture: Drawable) => boolean;
  /** Ends a freeze. */
  readonly release: () => void;
  readonly size: () => TimelineSize;
  readonly resize: (size: TimelineSize) => void;
  /** Whether films have a caption. */
  readonly caption: () => boolean;
  /** The model whose maps are seen. */
  readonly model: () => SidecarModel;
  /** Keeps a clip in this browser; rejects where that fails for another reason than room. */
  readonly keep: (clip: FinishedClip) => Promise<"kept" | "full">;
  readonly showClips: () => void;
  readonly say: Toasts["say"];
}
