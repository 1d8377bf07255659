/** The panel "Clips": what was recorded, here and on the server. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ReplayStart } from "../../stage/replay_video.tsx";
import { ClipCard } from "./clip_card.tsx";
import { type ClipNotices, clipsOf, type ClipsProblem } from "./model.ts";
import { findClips, mergeClips } from "./entries.ts";
import { Trash } from "./trash.tsx";

/** What the panel needs from the page. */
export interface ClipsPorts {
  readonly toasts: ClipNotices;
  /** How the maps of a clip look at first. */
  readonly look: () => ReplayStart;
}

/** The panel's content. */
export function Panel({ toasts, look }: ClipsPorts) {
  const model = clipsOf(toasts);
  const playing = useSignal<string | null>(null);
  useEffect(() => void model.refresh(), [model]);
  const { local, stored, problem, search, lasting } = model;
  if (local.value === null || (stored.value === null && problem.value === null)) {
    return <p class="muted" role="status">Loading…</p>;
  }
  const all = mergeClips(local.value, stored.value ?? []);
  const found = findClips(all, search.value);
  return (
    <div class="clips" data-testid="clips">
      {problem.value !== null && <Problem problem={problem.value} onRetry={() => void model.refresh()} />}
      {!lasting.value && (
        <p class="note-line">
          This browser keeps nothing for the page: save or upload a clip before you close it.
        </p>
      )}
      {all.length === 0
        ? (
          <p class="muted" data-testid="clips-empty">
            No clips yet. Record what you see: a clip that you keep stays in this browser and appears here, to
            be played{problem.value === null ? ", saved or uploaded to the server" : " or saved"}.
          </p>
        )
        : (
          <>
            <div role="search">
              <input
                type="search"
                class="clips-find"
                aria-label="Find a clip"
                placeholder="Find a clip…"
                data-testid="clips-find"
                value={search.value}
                onInput={(event) => search.value = event.currentTarget.value}
              />
            </div>
            <p class="muted small" role="status">
              {found.length === 0
                ? "No clip has such a name."
                : found.length === 1
                ? "1 clip"
                : `${found.length} clips`}
            </p>
            <ul class="clips-list">
              {found.map((entry) => (
                <ClipCard
                  key={entry.key}
                  look={look}
                  model={model}
                  entry={entry}
                  playing={playing}
                />
              ))}
            </ul>
          </>
        )}
      <Trash model={model} />
    </div>
  );
}

/** Why the server's clips are not shown. */
function Problem({ problem, onRetry }: { readonly problem: ClipsProblem; readonly onRetry: () => void }) {
  if (!problem.passing) return <p class="note-line" data-testid="clips-none">{problem.words}</p>;
  return (
    <div class="clips-problem" role="alert" data-testid="clips-problem">
      <p>{problem.words} Clips on the server are not shown now.</p>
      <button type="button" class="button" onClick={onRetry}>Try again</button>
    </div>
  );
}
