/** Measures the map that is on the stage. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { classText } from "../../../shared/class_text.ts";
import { scoreUnit } from "../../../shared/map_values.ts";
import type { MethodInfo, Welcome } from "../../../shared/protocol.ts";
import { isBlindToClass } from "../../../shared/trust.ts";
import { inputOf, requestModel } from "../../live/served_models.ts";
import { problemWords } from "../../http/http.ts";
import type { BoardState } from "../../live/board.ts";
import type { Source } from "../../picture/source.ts";
import { SquareEncoder } from "../../picture/square_encoder.ts";
import type { Surface } from "../../picture/surface.ts";
import type { NameOf } from "../../view/labels.ts";
import type { ViewState } from "../../view/view_state.ts";
import { askTrust, type TrustQuestion } from "./api.ts";
import { measure, type Subject, type TrustEvent, type TrustState } from "./trust_state.ts";

/** What the measuring needs. */
export interface TrustPorts {
  readonly source: Pick<Source, "kind" | "frozen" | "isStill" | "setFrozen">;
  readonly surface: Pick<Surface, "still">;
  readonly view: ReadonlySignal<ViewState>;
  readonly welcome: ReadonlySignal<Welcome | null>;
  /** The class that the map explains now. */
  readonly board: ReadonlySignal<BoardState>;
  readonly nameOf: NameOf;
  /** A map was measured: its view's revision where it does not depend on its class, or null. */
  readonly onMeasured: (blindView: number | null) => void;
}

/** What measures. */
export class TrustModel {
  readonly #ports: TrustPorts;
  readonly #state = signal<TrustState>({ kind: "idle" });
  readonly #encoder = new SquareEncoder();
  #run = new AbortController();
  /** Counts pictures, so that meters of one are never shown as those of another. */
  #picture = 0;
  #seen: string | null = null;

  /** Nothing runs until `start()`. */
  constructor(ports: TrustPorts) {
    this.#ports = ports;
  }

  get state(): ReadonlySignal<TrustState> {
    return this.#state;
  }

  /** The method of the view, as far as the server has named it; signals are read. */
  get method(): MethodInfo | undefined {
    const { view, welcome } = this.#ports;
    return welcome.value?.methods.find(({ id }) => id === view.value.current.method);
  }

  /** Whether the view's map shows what is evidence for a class; signals are read. */
  get isAboutClass(): boolean {
    return this.method?.subject !== "network" || this.#ports.view.value.current.options["of"] === "class";
  }

  /** Holds the picture where it moves, and measures its map. */
  start(): void {
    this.cancel();
    const { source, view, welcome, board, nameOf } = this.#ports;
    const { target } = board.value;
    if (target === null) return;
    if (!source.isStill()) source.setFrozen(true);
    const { current } = view.value;
    const { method } = this;
    const subject: Subject = {
      revision: current.revision,
      picture: this.#pictureNow(),
      method: method?.name ?? current.method,
      label: nameOf(target.index, target.label),
      scoreUnit: scoreUnit(current.options),
    };
    this.#run = new AbortController();
    this.#dispatch({ kind: "start", subject });
    void this.#follow(subject, {
      model: welcome.value === null ? null : requestModel(welcome.value),
      method: current.method,
      target: classText(target.index, target.label),
      layer: method?.looksAt === "any-layer" ? current.layer ?? null : null,
      options: current.options,
    });
  }

  cancel(): void {
    this.#run.abort();
    this.#dispatch({ kind: "cancel" });
  }

  /** Whether the meters are those of the map that is shown now. */
  isCurrent({ revision, picture }: Subject): boolean {
    return revision === this.#ports.view.value.current.revision && picture === this.#pictureNow();
  }

  #dispatch(event: TrustEvent): void {
    this.#state.value = measure(this.#state.value, event);
  }

  /** The number of the picture that is held now; a moving one has a new number each time. */
  #pictureNow(): number {
    const { source } = this.#ports;
    const now = source.isStill() ? `${JSON.stringify(source.kind.value)} ${source.frozen.value}` : null;
    if (now === null || now !== this.#seen) this.#picture++;
    this.#seen = now;
    return this.#picture;
  }

  async #follow(subject: Subject, question: TrustQuestion): Promise<void> {
    const { signal } = this.#run;
    const { surface, welcome, onMeasured } = this.#ports;
    const still = this.#encoder.still(surface.still(), inputOf(welcome.value));
    if (still === null) {
      return this.#dispatch({ kind: "failed", words: "There is no picture to measure yet." });
    }
    try {
      for await (const news of askTrust(question, still.picture, signal)) {
        if ("progress" in news) this.#dispatch({ kind: "progress", share: news.progress });
        else {
          this.#dispatch({ kind: "measured", trust: news.trust });
          onMeasured(isBlindToClass(news.trust) ? subject.revision : null);
        }
      }
    } catch (error) {
      if (!signal.aborted) this.#dispatch({ kind: "failed", words: problemWords(error) });
    }
  }
}
