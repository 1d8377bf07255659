import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { showsNetwork } from "../view/view_state.ts";
import { knowsWords } from "../../shared/unsure.ts";
import { headlineOf } from "../ui/headline.ts";
import { nameOf } from "../view/labels.ts";
import { dimmed, isDimmed } from "../map/dimming.ts";
import { percent } from "../ui/format.ts";
import { RemotePad } from "./remote_pad.tsx";
import type { WatchModel } from "./watch_model.ts";
import { watchWords } from "./watch_state.ts";

/** How often screen readers hear of another label, in ms. */
const ANNOUNCE_MS = 2_000;

/** The page of somebody who watches, or steers. */
export function WatchPage({ model, steers }: { readonly model: WatchModel; readonly steers: boolean }) {
  const state = model.link.state.value;
  const words = watchWords(state);
  return (
    <div class="watch" data-steers={steers}>
      <header class="watch-head">
        <h1 class="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          {steers ? "Gradcast remote" : "Gradcast"}
        </h1>
        <span class="connection" data-state={state.phase === "live" && !state.away ? "live" : "offline"}>
          <span class="dot" aria-hidden="true" />
          <span data-testid="watch-state">
            {state.phase === "live" ? state.away ? "away" : "live" : "offline"}
          </span>
        </span>
      </header>
      <main class="watch-main">
        <Picture model={model} />
        <div class="watch-side">
          {words !== "" && <p class="note-line" role="status" data-testid="watch-words">{words}</p>}
          <Predictions model={model} steers={steers} />
          {steers ? <RemotePad model={model} /> : <Method model={model} />}
        </div>
      </main>
      <Announcer model={model} />
    </div>
  );
}

function Picture({ model }: { readonly model: WatchModel }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => host.current?.append(model.picture, model.overlay.canvas), [model]);
  const stage = model.stage.value;
  const view = model.view.value;
  const network = view !== null && showsNetwork(view, model.welcome.value?.methods ?? []);
  const dims = view !== null && isDimmed(model.board.state.value.ranking, view.target);
  const opacity = stage?.mapHidden === true ? 0 : network ? 1 : dimmed(stage?.opacity ?? 0.7, dims);
  useLayoutEffect(() => {
    model.overlay.canvas.style.opacity = String(opacity);
  }, [opacity]);
  return (
    <div class="watch-stage" data-mirror={stage?.mirrored === true} data-testid="watch-stage">
      <div class="watch-square" ref={host} />
      {!model.seen.value && <p class="watch-empty">The picture comes with the presenter’s next frame.</p>}
      <div class="notes">
        {stage?.frozen === true && <span class="note">Frozen</span>}
        {stage?.mapHidden === true && <span class="note" data-testid="map-hidden">Heatmap hidden</span>}
      </div>
    </div>
  );
}

function Predictions({ model, steers }: { readonly model: WatchModel; readonly steers: boolean }) {
  const { ranking, target } = model.board.state.value;
  const aim = model.view.value?.target;
  const locked = aim?.kind === "class" ? aim.index : null;
  if (ranking.rows.length === 0) return null;
  return (
    <section aria-labelledby="watch-predictions">
      <h2 id="watch-predictions" class="visually-hidden">Predictions</h2>
      <ol class="watch-rows">
        {ranking.rows.map(({ index, label, probability }, place) => {
          const content = (
            <>
              <span class="bar" style={{ transform: `scaleX(${probability})` }} />
              <span class="name" data-testid={place === 0 ? "top-label" : undefined}>
                {place === 0
                  ? headlineOf(ranking, (row) => nameOf(row, model.welcome.value))
                  : nameOf({ index, label }, model.welcome.value)}
              </span>
              {!(ranking.unsure && place === 0) && <span class="number">{percent(probability)}</span>}
            </>
          );
          return (
            <li
              key={index}
              class={place === 0 ? "watch-row first" : "watch-row"}
              data-target={target?.index === index}
              data-unsure={ranking.unsure && place === 0}
            >
              {steers
                ? (
                  <button
                    type="button"
                    aria-pressed={locked === index}
                    title={locked === index ? "Free this class" : "Lock this class"}
                    onClick={() => model.command({ kind: "class", index })}
                  >
                    {content}
                  </button>
                )
                : <div>{content}</div>}
            </li>
          );
        })}
      </ol>
      {ranking.unsure && model.welcome.value !== null && (
        <p class="muted small" data-testid="predictions-hint">{knowsWords(model.welcome.value.model)}</p>
      )}
    </section>
  );
}

/** What is explained, and how. */
function Method({ model }: { readonly model: WatchModel }) {
  const { target, ranking } = model.board.state.value;
  const { value: view } = model.view;
  const method = model.welcome.value?.methods.find(({ id }) => id === model.view.value?.method);
  if (method === undefined) return null;
  const dims = view !== null && method.subject === "picture" && isDimmed(ranking, view.target);
  return (
    <section aria-labelledby="watch-method">
      <h2 id="watch-method">{method.name}</h2>
      <p class="muted">{method.plain}</p>
      {target !== null && (
        <p class="muted small">
          The colours show the evidence for {nameOf(target, model.welcome.value)}.
          {dims && " They are dimmed, as the network is not sure."}
        </p>
      )}
    </section>
  );
}

function Announcer({ model }: { readonly model: WatchModel }) {
  const words = useSignal("");
  useSignalEffect(() => {
    const timer = setInterval(() => {
      const { ranking: { rows: [top], unsure }, target } = model.board.state.peek();
      words.value = top === undefined ? "" : unsure ? "Not sure" : nameOf(top, model.welcome.value);
      model.overlay.canvas.setAttribute(
        "aria-label",
        target === null
          ? "Heatmap: nothing yet"
          : `Heatmap: evidence for ${nameOf(target, model.welcome.value)}`,
      );
    }, ANNOUNCE_MS);
    return () => clearInterval(timer);
  });
  return <div class="visually-hidden" role="status" aria-live="polite">{words.value}</div>;
}
