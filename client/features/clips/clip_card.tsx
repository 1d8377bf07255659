import { type Signal, useSignal } from "@preact/signals";
import { Play } from "lucide-preact";
import type { ReplayStart } from "../../stage/replay_video.tsx";
import { fileSize, playTime } from "../../ui/format.ts";
import { ClipActions } from "./clip_actions.tsx";
import { ClipName } from "./clip_name.tsx";
import { ClipPlayer } from "./clip_player.tsx";
import { ClipThumbnail } from "./clip_thumbnail.tsx";
import type { ClipsModel } from "./model.ts";
import { type ClipEntry, placeWords } from "./entries.ts";
import { UploadLine } from "./upload_line.tsx";

/** One clip: what it is, and everything that can be done with it. */
export function ClipCard(
  { look, model, entry, playing }: {
    /** How its maps look at first. */
    readonly look: () => ReplayStart;
    readonly model: ClipsModel;
    readonly entry: ClipEntry;
    /** Key of the clip that plays, or null. */
    readonly playing: Signal<string | null>;
  },
) {
  const renaming = useSignal(false);
  const { key, name, bytes, createdMs, durationMs, local } = entry;
  const plays = playing.value === key;
  return (
    <li class="clip" data-testid="clip">
      <div class="clip-head">
        <button
          type="button"
          class="clip-thumbnail"
          aria-label={`${plays ? "Close" : "Play"} ${name}, ${playTime(durationMs)}`}
          aria-expanded={plays}
          data-testid="clip-play"
          onClick={() => playing.value = plays ? null : key}
        >
          <ClipThumbnail entry={entry} />
          <Play aria-hidden="true" />
          <span class="clip-time number">{playTime(durationMs)}</span>
        </button>
        <div class="clip-words">
          <ClipName name={name} renaming={renaming} onRename={(name) => model.rename(entry, name)} />
          <span class="muted small">
            {new Date(createdMs).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })} ·
            {" "}
            <span class="number">{fileSize(bytes)}</span>
          </span>
          <span class="muted small" data-testid="clip-place">{placeWords(entry)}</span>
        </div>
      </div>
      {plays && <ClipPlayer look={look} model={model} entry={entry} />}
      {local !== null && <UploadLine model={model} name={name} clip={local} />}
      <ClipActions model={model} entry={entry} renaming={renaming} />
    </li>
  );
}
