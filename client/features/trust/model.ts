/** Measures the map that is on the stage. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { scoreUnit } from "../../../shared/map_values.ts";
import { isBlindToClass } from "../../../shared/trust.ts";
import { problemWords } from "../../http/http.ts";
import { classText } from "../../../shared/class_text.ts";
import type { Page } from "../../app/page.ts";
import { SquareEncoder } from "../../picture/square_encoder.ts";
import { askTrust } from "./api.ts";
import { measure, type Subject, type TrustEvent, type TrustState } from "./trust_state.ts";

/** The drawer's model. */
export interface TrustModel {
  readonly state: ReadonlySignal<TrustState>;
  /** Holds the picture where it moves, and measures its map. */
  start(): void;
  cancel(): void;
  /** Whether the meters are those of the map that is shown now. */
  isCurrent(subject: Subject): boolean;
  dispose(): void;
}

/** Makes the model; nothing runs until `start()`. */
export function createTrust(page: Page): TrustModel {
  const state = signal<TrustState>({ kind: "idle" });
  const encoder = new SquareEncoder();
  let run = new AbortController();
  /** Counts pictures, so that meters of one are never shown as those of another. */
  let picture = 0;
  let seen: unknown = null;

  function dispatch(event: TrustEvent): void {
    state.value = measure(state.value, event);
  }

  /** The number of the picture that is held now; a moving one has a new number each time. */
  function pictureNow(): number {
    const { kind, frozen } = page.source;
    const now = page.source.isStill() ? `${JSON.stringify(kind.value)} ${frozen.value}` : null;
    if (now === null || now !== seen) picture++;
    seen = now;
    return picture;
  }

  async function follow(subject: Subject, target: string, { signal }: AbortController): Promise<void> {
    const { current } = page.session.view.value;
    const method = page.session.welcome.value?.methods.find(({ id }) => id === current.method);
    const still = encoder.still(page.surface.still(), page.session.welcome.value?.model.width ?? 224);
    if (still === null) return dispatch({ kind: "failed", words: "There is no picture to measure yet." });
    const question = {
      method: current.method,
      target,
      layer: method?.looksAt === "any-layer" ? current.layer ?? null : null,
      options: current.options,
    };
    try {
      for await (const news of askTrust(question, still.picture, signal)) {
        if ("progress" in news) dispatch({ kind: "progress", share: news.progress });
        else {
          dispatch({ kind: "measured", trust: news.trust });
          page.blindView.value = isBlindToClass(news.trust) ? subject.revision : null;
        }
      }
    } catch (error) {
      if (!signal.aborted) dispatch({ kind: "failed", words: problemWords(error) });
    }
  }

  function cancel(): void {
    run.abort();
    dispatch({ kind: "cancel" });
  }

  return {
    state,
    start() {
      cancel();
      const { target } = page.session.board.state.value;
      if (target === null) return;
      if (!page.source.isStill()) page.source.setFrozen(true);
      const { current } = page.session.view.value;
      const method = page.session.welcome.value?.methods.find(({ id }) => id === current.method);
      const subject: Subject = {
        revision: current.revision,
        picture: pictureNow(),
        method: method?.name ?? current.method,
        label: page.nameOf(target.index, target.label),
        scoreUnit: scoreUnit(page.session.view.value.current.options),
      };
      run = new AbortController();
      dispatch({ kind: "start", subject });
      void follow(subject, classText(target.index, target.label), run);
    },
    cancel,
    isCurrent: ({ revision, picture: measured }) =>
      revision === page.session.view.value.current.revision && measured === pictureNow(),
    dispose: cancel,
  };
}
