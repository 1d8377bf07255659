import { X } from "lucide-preact";
import { useSignal, useSignalEffect } from "@preact/signals";
import type { Page } from "../page.ts";
import { shortLabel } from "../predictions/labels.ts";
import { ageText } from "../link/figures.ts";
import { connectionWord } from "../link/connection.ts";
import { percent } from "../ui/format.ts";

/** How long the pointer stays visible after it moved, in ms. */
const POINTER_MS = 2_000;

/** Present mode's only words: the first label, large enough for the back row. */
export function PresentBar({ page }: { readonly page: Page }) {
  const [top] = page.session.board.state.value.ranking.rows;
  const word = connectionWord(page.session.link.state.value);
  const figures = page.session.figures.value;
  const pointing = useSignal(false);
  useSignalEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      pointing.value = true;
      document.documentElement.dataset["pointer"] = "shown";
      clearTimeout(timer);
      timer = setTimeout(() => {
        pointing.value = false;
        document.documentElement.dataset["pointer"] = "hidden";
      }, POINTER_MS);
    };
    moved();
    addEventListener("pointermove", moved);
    return () => {
      removeEventListener("pointermove", moved);
      clearTimeout(timer);
      delete document.documentElement.dataset["pointer"];
    };
  });
  return (
    <div class="present-bar">
      <h1 class="visually-hidden">Gradcast</h1>
      <p class="present-label">
        <span data-testid="top-label" title={top?.label}>
          {top === undefined ? "–" : shortLabel(top.label)}
        </span>
        <span class="number">{top === undefined ? "" : percent(top.probability)}</span>
      </p>
      <p class="present-status">
        <span class="connection" data-state={word}>
          <span class="dot" aria-hidden="true" />
          <span data-testid="connection">{word}</span>
        </span>
        <span
          class="figure"
          data-testid="age"
          data-p50={figures.p50Ms?.toFixed(1)}
          data-p95={figures.p95Ms?.toFixed(1)}
        >
          {ageText(word === "live" ? figures.ageMs : null)}
        </span>
      </p>
      <button
        type="button"
        class="button present-exit"
        data-visible={pointing.value}
        onClick={() => page.present.value = false}
      >
        <X aria-hidden="true" /> Leave
      </button>
    </div>
  );
}
