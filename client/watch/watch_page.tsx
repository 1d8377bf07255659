import { useSignalEffect } from "@preact/signals";
import { coverExtent } from "../../shared/cover.ts";
import type { MethodInfo } from "../../shared/protocol.ts";
import { isDimmed, mapOpacity } from "../map/dimming.ts";
import { SentenceLine } from "../ui/sentence_line.tsx";
import { LiveRegion } from "../ui/live_region.tsx";
import { nameOf } from "../view/labels.ts";
import { methodOf, showsNetwork } from "../view/view_state.ts";
import { RemotePad } from "./remote_pad.tsx";
import type { WatchModel } from "./watch_model.ts";
import { WatchPredictions } from "./watch_predictions.tsx";
import { WatchStage } from "./watch_stage.tsx";
import { type WatchState, watchWords } from "./watch_state.ts";

/** Opacity of the map before the presenter's page has reported its own. */
const FIRST_OPACITY = 0.7;

/** The page of somebody who watches, or steers. */
export function WatchPage({ model, steers }: { readonly model: WatchModel; readonly steers: boolean }) {
  const state = model.link.state.value;
  const [board, stage, view, welcome] = [
    model.board.state.value,
    model.stage.value,
    model.view.value,
    model.welcome.value,
  ];
  const methods = welcome?.methods ?? [];
  const dims = view !== null && isDimmed(board.ranking, view.target);
  const opacity = mapOpacity({
    opacity: stage?.opacity ?? FIRST_OPACITY,
    hidden: stage?.mapHidden === true,
    network: view !== null && showsNetwork(view, methods),
    dims,
  });
  const words = watchWords(state);
  const target = board.target === null ? null : nameOf(board.target, welcome);
  return (
    <div class="watch" data-steers={steers}>
      <Head state={state} steers={steers} model={welcome?.model.name ?? ""} />
      <main class="watch-main">
        <WatchStage
          picture={model.picture}
          map={model.overlay.canvas}
          opacity={opacity}
          aspect={model.aspect.value}
          stage={stage}
          covered={coverExtent(view?.cover)}
        />
        <div class="watch-side">
          {words !== "" && <p class="note-line" role="status" data-testid="watch-words">{words}</p>}
          <Why model={model} />
          <WatchPredictions
            board={board}
            view={view}
            welcome={welcome}
            onLock={steers ? (index) => model.command({ kind: "class", index }) : null}
          />
          {steers
            ? (
              <RemotePad
                stage={stage}
                methods={methods}
                method={view?.method ?? ""}
                live={isLive(state)}
                onCommand={(command) => model.command(command)}
              />
            )
            : <Method method={view === null ? undefined : methodOf(view, methods)} {...{ target, dims }} />}
        </div>
      </main>
      <LiveRegion words={() => announce(model)} />
    </div>
  );
}

/** How often the sentence may change, in ms: its own pace is slower. */
const STEP_MS = 250;

/** What is seen and why. */
function Why({ model }: { readonly model: WatchModel }) {
  useSignalEffect(() => {
    const timer = setInterval(() => model.step(performance.now()), STEP_MS);
    return () => clearInterval(timer);
  });
  return <SentenceLine sentence={model.sentence.value} class="watch-sentence" />;
}

interface HeadProps {
  readonly state: WatchState;
  readonly steers: boolean;
  /** Name of the model that explains; empty before it is known. */
  readonly model: string;
}

function Head({ state, steers, model }: HeadProps) {
  return (
    <header class="watch-head">
      <h1 class="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        {steers ? "Gradcast remote" : "Gradcast"}
      </h1>
      <span class="watch-model muted" data-testid="watch-model" title={model}>{model}</span>
      <span class="connection" data-state={isLive(state) ? "live" : "offline"}>
        <span class="dot" aria-hidden="true" />
        <span data-testid="watch-state">
          {state.phase === "live" ? state.away ? "away" : "live" : "offline"}
        </span>
      </span>
    </header>
  );
}

/** True while the presenter's page is there. */
function isLive(state: WatchState): boolean {
  return state.phase === "live" && !state.away;
}

interface MethodProps {
  readonly method: MethodInfo | undefined;
  /** Name of the class that the map explains, or null. */
  readonly target: string | null;
  /** Whether the map is dimmed. */
  readonly dims: boolean;
}

/** What is explained, and how. */
function Method({ method, target, dims }: MethodProps) {
  if (method === undefined) return null;
  return (
    <section aria-labelledby="watch-method">
      <h2 id="watch-method">{method.name}</h2>
      <p class="muted">{method.plain}</p>
      {target !== null && (
        <p class="muted small">
          The colours show the evidence for {target}.
          {dims && method.subject === "picture" && " They are dimmed, as the network is not sure."}
        </p>
      )}
    </section>
  );
}

/** Words for the live region; describes the map along with them. */
function announce({ board, overlay, welcome }: WatchModel): string {
  const { ranking: { rows: [top], unsure }, target } = board.state.peek();
  overlay.canvas.setAttribute(
    "aria-label",
    target === null ? "Heatmap: nothing yet" : `Heatmap: evidence for ${nameOf(target, welcome.value)}`,
  );
  if (top === undefined) return "";
  return unsure ? "Not sure" : nameOf(top, welcome.value);
}
