import { Eye, EyeOff, Film, Snowflake } from "lucide-preact";
import type { Page } from "../app/page.ts";

/** What has to be said on the picture itself: frozen, stale, no evidence, no clear place, or why there is no connection. */
export function StageNote({ page }: { readonly page: Page }) {
  const status = page.session.status.value;
  const { target } = page.session.board.state.value;
  const source = page.source.kind.value;
  const link = page.session.link.state.value;
  const reason = link.phase === "ended" || link.phase === "resting"
    ? link.words
    : link.phase === "waiting" && link.after.kind === "busy"
    ? link.after.words
    : "";
  return (
    <div class="notes">
      {reason !== "" && <span class="note">{reason}</span>}
      {page.source.frozen.value && (
        <span class="note">
          <Snowflake aria-hidden="true" /> Frozen
        </span>
      )}
      {page.mapHidden.value && (
        <span class="note" data-testid="map-hidden">
          <EyeOff aria-hidden="true" /> Heatmap hidden
        </span>
      )}
      {source.kind === "photo" && source.animated && (
        <span class="note" data-testid="animated">
          <Film aria-hidden="true" /> Still of an animation
        </span>
      )}
      {page.log.writing.value && (
        <span class="note" data-testid="log-sign">
          <span class="recording-dot" aria-hidden="true" /> Writing a log
        </span>
      )}
      {page.share.on.value && (
        <span class="note" data-testid="show-sign">
          <Eye aria-hidden="true" /> {page.share.shared.value?.watchers ?? 0}
          <span class="visually-hidden">people watch</span>
        </span>
      )}
      {status.kind === "stale" && <span class="note">Stale: the map is older than the picture</span>}
      {status.kind === "unclear" && <span class="note">No clear place</span>}
      {status.kind === "empty" && target !== null && (
        <span class="note">No evidence for {page.nameOf(target.index, target.label)}</span>
      )}
    </div>
  );
}
