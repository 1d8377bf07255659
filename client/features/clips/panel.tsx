/** The panel "Clips": what was recorded, here and on the server. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ReplayStart } from "../../stage/replay_video.tsx";
import { ClipCard } from "./clip_card.tsx";
import type { ClipsProblem } from "./clip_lists.ts";
import { type ClipEntry, findClips, mergeClips } from "./entries.ts";
import { type ClipNotices, clipsOf } from "./model.ts";
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
  const { lists, search } = model;
  useEffect(() => void lists.refresh(), [lists]);
  const [local, stored, problem] = [lists.local.value, lists.stored.value, lists.problem.value];
  if (local === null || (stored === null && problem === null)) {
    return <p class="muted" role="status">Loading…</p>;
  }
  const all = mergeClips(local, stored ?? []);
  const found = findClips(all, search.value);
  return (
    <div class="clips" data-testid="clips">
      {problem !== null && <Problem problem={problem} onRetry={() => void lists.refresh()} />}
      {!lists.lasting.value && (
        <p class="note-line">
          This browser keeps nothing for the page: save or upload a clip before you close it.
        </p>
      )}
      {all.length === 0 ? <NoClips uploadable={problem === null} /> : (
        <>
          <Search words={search.value} onWords={(words) => search.value = words} found={found} />
          <ul class="clips-list">
            {found.map((entry) => (
              <ClipCard key={entry.key} look={look} model={model} entry={entry} playing={playing} />
            ))}
          </ul>
        </>
      )}
      <Trash
        clips={lists.trash.value}
        onRestore={(clip) => void model.restore(clip)}
        onEmpty={() => void model.emptyTrash()}
      />
    </div>
  );
}

function NoClips({ uploadable }: { readonly uploadable: boolean }) {
  return (
    <p class="muted" data-testid="clips-empty">
      No clips yet. Record what you see: a clip that you keep stays in this browser and appears here, to be
      played{uploadable ? ", saved or uploaded to the server" : " or saved"}.
    </p>
  );
}

function Search({ words, onWords, found }: {
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly found: readonly ClipEntry[];
}) {
  return (
    <>
      <div role="search">
        <input
          type="search"
          class="search-field"
          aria-label="Find a clip"
          placeholder="Find a clip…"
          data-testid="clips-find"
          value={words}
          onInput={(event) => onWords(event.currentTarget.value)}
        />
      </div>
      <p class="muted small" role="status">
        {found.length === 0
          ? "No clip has such a name."
          : found.length === 1
          ? "1 clip"
          : `${found.length} clips`}
      </p>
    </>
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
