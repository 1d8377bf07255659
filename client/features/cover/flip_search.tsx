import { Search } from "lucide-preact";
import type { CoverModel } from "./model.ts";

/** Looks for a small region that changes the answer, and says what came of it. */
export function FlipSearch({ model }: { readonly model: CoverModel }) {
  const search = model.search.value;
  return (
    <div class="cover-search" data-testid="cover-search" data-state={search.kind}>
      {search.kind === "running"
        ? (
          <>
            <progress aria-label="Search for the region" max={Math.max(1, search.most)} value={search.rows} />
            <span class="muted small">
              {search.most === 0
                ? "Waiting for a picture…"
                : `${search.rows} of at most ${search.most} tries`}
            </span>
            <button
              type="button"
              class="button"
              data-testid="cover-search-cancel"
              onClick={() => model.cancelSearch()}
            >
              Cancel
            </button>
          </>
        )
        : (
          <button
            type="button"
            class="button"
            title="Covers one part after the other, at most 60 times, and keeps what changes the answer"
            data-testid="cover-search-start"
            onClick={() => model.startSearch()}
          >
            <Search aria-hidden="true" /> Find what flips the answer
          </button>
        )}
      <p role="status" data-testid="cover-found">
        {search.kind === "done" || search.kind === "failed" ? search.words : ""}
      </p>
    </div>
  );
}
