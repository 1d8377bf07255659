/** What recorder and GIF maker need from the rest of the page. */
import type { Sidecar } from "../../../shared/sidecar.ts";
import type { StreamObserver } from "../../live/stream_observers.ts";
import type { MapObserver } from "../../map/map_observers.ts";
import type { Size } from "../../picture/placement.ts";
import type { Toasts } from "../../ui/toasts.ts";
import type { TakeOptions } from "./take/take.ts";
import type { FinishedClip } from "../../film/finished_clip.ts";

/** What both film: the picture on the stage, and the stream of its maps. */
export interface FilmingPorts extends Pick<TakeOptions, "surface" | "isStill" | "seen"> {
  /** Lets an observer follow the stream and its maps until the returned function is called. */
  readonly observe: (observer: StreamObserver & MapObserver) => () => void;
  readonly say: Toasts["say"];
  /** Whether a film into which maps are drawn has a caption. */
  readonly caption: () => boolean;
  /** What a film is called in which nothing was explained; without a file's ending. */
  readonly name: () => string;
}

/** Whether a clip was kept, or did not fit into what the browser gives the page. */
export type KeepOutcome = "kept" | "full";

/** What the recorder needs. */
export interface RecorderPorts extends FilmingPorts {
  /** Whether the connection to the server is live. */
  readonly isLive: () => boolean;
  /** Whether a recording has sound from the microphone. */
  readonly sound: () => boolean;
  /** Whether maps are drawn into the film; otherwise they are only kept beside it. */
  readonly drawn: () => boolean;
  /** The model whose maps are seen. */
  readonly model: () => Sidecar["model"];
  /** Asks the camera for pictures of a size, or of the usual one (null). */
  readonly resizeCamera: (size: Size | null) => void;
  /** Keeps a clip in this browser; rejects where that fails for another reason than room. */
  readonly keep: (clip: FinishedClip) => Promise<KeepOutcome>;
  readonly showClips: () => void;
}
