import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { storedAddress } from "./clip_server.ts";
import type { ClipsModel } from "./clips_model.ts";
import type { Entry } from "./entries.ts";

/** Plays a clip: from this browser where it lies here, else from the server, part by part. */
export function ClipPlayer({ model, entry }: { readonly model: ClipsModel; readonly entry: Entry }) {
  const { local, stored, name } = entry;
  const source = useSignal<string | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    let url: string | null = null;
    let open = true;
    if (local === null) source.value = stored === null ? null : storedAddress(stored.id, "media");
    else {
      model.media(local).then((media) => {
        if (open) source.value = url = URL.createObjectURL(media);
      }, () => failed.value = true);
    }
    return () => {
      open = false;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [local?.id, stored?.id]);
  if (failed.value) {
    return <p role="alert">This browser cannot play the clip. Save it and open it in another player.</p>;
  }
  if (source.value === null) return <p class="muted" role="status">Loading…</p>;
  return (
    <video
      class="clip-player"
      src={source.value}
      aria-label={name}
      data-testid="clip-player"
      controls
      autoplay
      playsInline
      onError={() => failed.value = true}
      onKeyDown={(event) => {
        // The player's own keys; Escape still closes the view.
        if (event.key !== "Escape") event.stopPropagation();
      }}
    />
  );
}
