import { X } from "lucide-preact";
import { useSignal, useSignalEffect } from "@preact/signals";
import type { Page } from "../../app/page.ts";
import { headlineOf } from "../../ui/headline.ts";
import { ageText } from "../../live/figures.ts";
import { connectionWord } from "../../live/connection.ts";
import type { PresentPart } from "../../view/settings.ts";
import { percent } from "../../ui/format.ts";
import { Lazy } from "../../ui/lazy.tsx";
import { PresentMenu } from "./present_menu.tsx";

/** How long the pointer stays visible after it moved, in ms. */
const POINTER_MS = 2_000;

/** Present mode's words, large enough for the back row: the first label, and what else is wanted. */
export function PresentBar({ page }: { readonly page: Page }) {
  const { ranking } = page.session.board.state.value;
  const [top] = ranking.rows;
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
  const { presentParts } = page.settings.value;
  const shows = (part: PresentPart) => presentParts.includes(part);
  return (
    <div class="present-bar">
      <h1 class="visually-hidden">Gradcast</h1>
      {shows("label") && (
        <p class="present-label" data-unsure={ranking.unsure}>
          <span data-testid="top-label" title={top?.label}>
            {headlineOf(ranking, ({ index, label }) => page.nameOf(index, label)) ?? "–"}
          </span>
          <span class="number">{top === undefined || ranking.unsure ? "" : percent(top.probability)}</span>
        </p>
      )}
      {shows("others") && <Others page={page} />}
      <div class="present-lines">
        {shows("method") && <MethodLine page={page} />}
        {shows("status") && (
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
        )}
      </div>
      {shows("code") && page.show.on.value && (
        <Lazy
          load={async () => (await import("../share/code_card.tsx")).CodeCard}
          props={{ page }}
          onFail={() => page.toasts.say("The code could not be loaded. Check that the server runs.")}
        />
      )}
      <PresentMenu page={page} visible={pointing.value} />
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

/** The classes after the first. */
function Others({ page }: { readonly page: Page }) {
  const [, ...others] = page.session.board.state.value.ranking.rows;
  return (
    <ol class="present-others" data-testid="present-others-list">
      {others.map(({ index, label, probability }) => (
        <li key={index}>
          <span>{page.nameOf(index, label)}</span> <span class="number">{percent(probability)}</span>
        </li>
      ))}
    </ol>
  );
}

function MethodLine({ page }: { readonly page: Page }) {
  const { target } = page.session.board.state.value;
  const { method } = page.session.view.value.current;
  const name = page.session.welcome.value?.methods.find(({ id }) => id === method)?.name ?? method;
  return (
    <p class="present-method" data-testid="present-method-line">
      {name}
      {target !== null && `: evidence for ${page.nameOf(target.index, target.label)}`}
    </p>
  );
}
