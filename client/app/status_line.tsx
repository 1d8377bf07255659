import { useSignal, useSignalEffect } from "@preact/signals";
import { connectionDetail, connectionWord } from "../live/connection.ts";
import { ageText, DROP_WORDS, type Figures, notShownText } from "../live/figures.ts";
import type { Page } from "./page.ts";
import { MenuButton } from "../ui/menu_button.tsx";

/** Connection, age, frames per second and drops, always in the same place. */
export function StatusLine({ page }: { readonly page: Page }) {
  const state = page.live.link.state.value;
  const word = connectionWord(state);
  const figures = page.live.figures.value;
  const nowMs = useSecondHand(page);
  // Why a connection has ended is said on the picture, where there is room for it.
  const over = state.phase === "ended" || state.phase === "resting";
  const detail = over ? "" : connectionDetail(state, nowMs.value);
  const live = word === "live";
  return (
    <div class="status">
      <span
        class="connection"
        data-state={word}
        title={state.phase === "waiting" ? state.after.words : over ? state.words : undefined}
      >
        <span class="dot" aria-hidden="true" />
        <span data-testid="connection">{word}</span>
        {detail !== "" && <span class="detail">{detail}</span>}
        {(state.phase === "waiting" || state.phase === "resting") && (
          <button
            type="button"
            class="link-button"
            onClick={() => page.live.link.hurry()}
          >
            {state.phase === "waiting" ? "now" : "reconnect"}
          </button>
        )}
      </span>
      <span
        class="figure age"
        data-testid="age"
        data-p50={figures.p50Ms?.toFixed(1)}
        data-p95={figures.p95Ms?.toFixed(1)}
        title={`Time from capture to heatmap${percentiles(figures)}`}
      >
        {ageText(live ? figures.ageMs : null)}
      </span>
      <span class="figure wide-only" data-testid="rate" title="Frames explained per second">
        {live ? Math.round(figures.perSecond) : "–"}/s
      </span>
      <Drops page={page} figures={figures} />
    </div>
  );
}

/** The frames that were left out, with a list of the causes. */
function Drops({ page, figures }: { readonly page: Page; readonly figures: Figures }) {
  const words = notShownText(figures);
  const causes = Object.entries(DROP_WORDS).map(([cause, words]) => ({
    words,
    count: figures.drops[cause as keyof Figures["drops"]],
  })).filter((cause) => cause.count > 0);
  return (
    <MenuButton
      layers={page.layers}
      id="drops-menu"
      label={`${words}, which is normal: the newest frame always goes first`}
      icon={words}
      class="drops wide-only"
      testid="drops"
    >
      <div class="causes">
        <p>
          This is normal: a camera delivers more frames than the network can explain. The newest one goes
          first and the others are left out, so that the map stays fresh.
        </p>
        <ul>
          {causes.map((cause) => (
            <li key={cause.words}>
              <span>{cause.words}</span>
              <span class="number">{cause.count.toLocaleString("en")}</span>
            </li>
          ))}
        </ul>
      </div>
    </MenuButton>
  );
}

/** A clock in ms that runs while the connection counts down. */
function useSecondHand(page: Page) {
  const nowMs = useSignal(performance.now());
  useSignalEffect(() => {
    if (page.live.link.state.value.phase !== "waiting") return;
    nowMs.value = performance.now();
    const timer = setInterval(() => nowMs.value = performance.now(), 250);
    return () => clearInterval(timer);
  });
  return nowMs;
}

function percentiles(figures: Figures): string {
  if (figures.p50Ms === null || figures.p95Ms === null) return "";
  return `; half of the last 300 frames within ${ageText(figures.p50Ms)}, 95 % within ${
    ageText(figures.p95Ms)
  }`;
}
