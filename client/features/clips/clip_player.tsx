import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Sidecar } from "../../../shared/sidecar.ts";
import { type ReplayStart, ReplayVideo } from "../../stage/replay_video.tsx";
import { storedAddress } from "./api.ts";
import type { ClipEntry } from "./entries.ts";
import type { ClipsModel } from "./model.ts";
import { sidecarOf } from "./sidecar_of.ts";

/** What a player plays. */
interface Played {
  readonly model: Pick<ClipsModel, "media" | "sidecar">;
  readonly entry: ClipEntry;
}

/** A clip that is being loaded, or ready to be played. */
interface Loaded {
  /** Address of the video; null until it is known. */
  readonly source: ReadonlySignal<string | null>;
  /** Undefined until it is read; null where there is none. */
  readonly sidecar: ReadonlySignal<Sidecar | null | undefined>;
  /** Why the sidecar cannot be shown, in words; empty where nothing went wrong. */
  readonly problem: ReadonlySignal<string>;
  readonly failed: ReadonlySignal<boolean>;
  readonly fail: () => void;
}

/** Plays a clip: from this browser where it lies here, otherwise from the server, part by part. */
export function ClipPlayer(
  { look, model, entry }: Played & {
    /** How its maps look at first. */
    readonly look: () => ReplayStart;
  },
) {
  const { source, sidecar, problem, failed, fail } = useClip({ model, entry });
  if (failed.value) {
    return <p role="alert">This browser cannot play the clip. Save it and open it in another player.</p>;
  }
  if (source.value === null || sidecar.value === undefined) {
    return <p class="muted" role="status">Loading…</p>;
  }
  return (
    <>
      <ReplayVideo
        {...look()}
        source={source.value}
        sidecar={sidecar.value}
        name={entry.name}
        autoplay
        onFail={fail}
      />
      {problem.value !== "" && <p class="note-line" data-testid="clip-problem">{problem.value}</p>}
    </>
  );
}

function useClip({ model, entry }: Played): Loaded {
  const { local, stored } = entry;
  const source = useSignal<string | null>(null);
  const sidecar = useSignal<Sidecar | null | undefined>(undefined);
  const problem = useSignal("");
  const failed = useSignal(false);
  const fail = () => failed.value = true;
  useEffect(() => {
    let url: string | null = null;
    let open = true;
    if (local === null) source.value = stored === null ? null : storedAddress(stored.id, "media");
    else {
      model.media(local).then((media) => {
        if (open) source.value = url = URL.createObjectURL(media);
      }, fail);
    }
    sidecarOf(entry, (clip) => model.sidecar(clip)).then(
      (read) => sidecar.value = read,
      (error: unknown) => {
        sidecar.value = null;
        problem.value = sidecarProblem(error);
      },
    );
    return () => {
      open = false;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [local?.id, stored?.id]);
  return { source, sidecar, problem, failed, fail };
}

function sidecarProblem(error: unknown): string {
  return error instanceof RangeError
    ? `What was seen in this clip cannot be shown. ${error.message}.`
    : "What was seen in this clip could not be read.";
}
