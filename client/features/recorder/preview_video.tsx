import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import type { Sidecar } from "../../../shared/sidecar.ts";
import { type ReplayStart, ReplayVideo } from "../../stage/replay_video.tsx";
import { causeWords, type Preview } from "./recorder_state.ts";

/** The recording as it plays, or why it cannot be played. */
export function PreviewVideo({ source, sidecar, look, video }: {
  readonly source: string;
  readonly sidecar: Sidecar;
  readonly look: ReplayStart;
  readonly video: RefObject<HTMLVideoElement>;
}) {
  const unplayable = useSignal(false);
  if (unplayable.value) {
    return <p role="alert">This browser cannot play what it recorded. Save it and open it elsewhere.</p>;
  }
  return (
    <ReplayVideo
      {...look}
      source={source}
      sidecar={sidecar}
      name="The recording"
      video={video}
      onFail={() => unplayable.value = true}
    />
  );
}

/** Why the recording ended by itself, and why its times are approximate, where that is so. */
export function PreviewCauses({ preview: { cause, recorded } }: { readonly preview: Preview }) {
  return (
    <>
      {causeWords(cause) !== "" && <p class="note-line" data-testid="preview-cause">{causeWords(cause)}</p>}
      {recorded.means === "browser" && (
        <p class="note-line" data-testid="preview-means">
          This browser cannot write pictures one by one: its own recorder made this film, whose times are
          approximate.
        </p>
      )}
    </>
  );
}
