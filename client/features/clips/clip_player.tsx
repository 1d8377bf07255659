import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { readSidecar } from "../../../shared/read_sidecar.ts";
import type { Sidecar } from "../../../shared/sidecar.ts";
import { storedAddress } from "./api.ts";
import type { ClipsModel } from "./model.ts";
import type { Entry } from "./entries.ts";
import { type ReplayStart, ReplayVideo } from "../../stage/replay_video.tsx";

/** What a player needs. */
interface Played {
  /** How its maps look at first. */
  readonly look: () => ReplayStart;
  readonly model: ClipsModel;
  readonly entry: Entry;
}

/** Plays a clip: from this browser where it lies here, else from the server, part by part. */
export function ClipPlayer({ look, model, entry }: Played) {
  const { local, stored, name } = entry;
  const source = useSignal<string | null>(null);
  const failed = useSignal(false);
  /** Undefined until it is read. */
  const sidecar = useSignal<Sidecar | null | undefined>(undefined);
  const problem = useSignal("");
  useEffect(() => {
    let url: string | null = null;
    let open = true;
    if (local === null) source.value = stored === null ? null : storedAddress(stored.id, "media");
    else {
      model.media(local).then((media) => {
        if (open) source.value = url = URL.createObjectURL(media);
      }, () => failed.value = true);
    }
    sidecarOf(model, entry).then((read) => sidecar.value = read, (error: unknown) => {
      sidecar.value = null;
      problem.value = error instanceof RangeError
        ? `What was seen in this clip cannot be shown. ${error.message}.`
        : "What was seen in this clip could not be read.";
    });
    return () => {
      open = false;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [local?.id, stored?.id]);
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
        name={name}
        autoplay
        onFail={() => failed.value = true}
      />
      {problem.value !== "" && <p class="note-line" data-testid="clip-problem">{problem.value}</p>}
    </>
  );
}

/**
 * Reads what was seen in a clip; null where nothing is kept.
 *
 * @throws RangeError where the file does not fit
 */
async function sidecarOf(model: ClipsModel, { local, stored, sidecarBytes }: Entry): Promise<Sidecar | null> {
  if (sidecarBytes === 0) return null;
  if (local !== null) {
    const file = await model.sidecar(local);
    return file === undefined ? null : readSidecar(await file.text());
  }
  if (stored === null) return null;
  const response = await fetch(storedAddress(stored.id, "sidecar"));
  if (!response.ok) throw new Error(`status ${response.status}`);
  return readSidecar(await response.text());
}
