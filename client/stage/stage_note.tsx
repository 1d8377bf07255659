import { Snowflake } from "lucide-preact";
import type { Page } from "../page.ts";
import { shortLabel } from "../predictions/labels.ts";

/** What has to be said on the picture itself: frozen, stale, or no evidence. */
export function StageNote({ page }: { readonly page: Page }) {
  const status = page.session.status.value;
  const { target } = page.session.board.state.value;
  return (
    <div class="notes">
      {page.source.frozen.value && (
        <span class="note">
          <Snowflake aria-hidden="true" /> Frozen
        </span>
      )}
      {status.kind === "stale" && <span class="note">Stale: the map is older than the picture</span>}
      {status.kind === "empty" && target !== null && (
        <span class="note">No evidence for {shortLabel(target.label)}</span>
      )}
    </div>
  );
}
