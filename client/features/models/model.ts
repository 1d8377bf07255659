/** The models of the server as a panel: chosen, opened, named, removed. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ListedModel, Welcome } from "../../../shared/protocol.ts";
import type { ModelChange } from "../../../shared/model_wire.ts";
import { problemWords, Refusal } from "../../http/http.ts";
import type { LoadingModel } from "../../live/served_models.ts";
import type { Toasts } from "../../ui/toasts.ts";
import {
  abandonUpload,
  announce,
  askOpened,
  askPresets,
  askRoom,
  changeModel,
  completeUpload,
  removeModel,
  restoreModel,
  sendFile,
} from "./api.ts";
import type { ChosenModel } from "./model_files.ts";
import { NOTHING_OPENED, opening, type OpeningEvent, type OpeningState } from "./opening_state.ts";

/** What the panel needs of the page. */
export interface ModelsPorts {
  readonly listed: ReadonlySignal<readonly ListedModel[]>;
  readonly loading: ReadonlySignal<LoadingModel | null>;
  readonly welcome: ReadonlySignal<Welcome | null>;
  /** Id of the model that is shown or waited for; reads a signal. */
  readonly chosen: () => string | undefined;
  readonly setModel: (id: string) => void;
  readonly say: Toasts["say"];
}

/** Whether models can be opened from here: null while that is not known. */
export type OpeningRight =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly words: string }
  | null;

/** The panel's model. */
export class ModelsModel {
  readonly #ports: ModelsPorts;
  readonly #state = signal<OpeningState>(NOTHING_OPENED);
  readonly #right = signal<OpeningRight>(null);
  #run = new AbortController();

  constructor(ports: ModelsPorts) {
    this.#ports = ports;
    askRoom().then(
      () => this.#right.value = { allowed: true },
      (error: unknown) => this.#right.value = { allowed: false, words: problemWords(error) },
    );
  }

  get state(): ReadonlySignal<OpeningState> {
    return this.#state;
  }

  get right(): ReadonlySignal<OpeningRight> {
    return this.#right;
  }

  /** Sends a model and has it opened. */
  async open({ name, files }: ChosenModel): Promise<void> {
    this.cancel();
    this.#run = new AbortController();
    const { signal } = this.#run;
    const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
    this.#dispatch({ kind: "started", name, totalBytes });
    let id: string | null = null;
    try {
      const announced = files.map(({ path, file }) => ({ path, bytes: file.size }));
      id = await announce({ name, files: announced }, signal);
      let before = 0;
      for (const { path, file } of files) {
        await sendFile(
          { id, path, file },
          (bytes) => this.#dispatch({ kind: "sent", bytes: before + bytes }),
          signal,
        );
        before += file.size;
      }
      this.#dispatch({ kind: "all-sent" });
      const model = await completeUpload(id, signal);
      this.#dispatch({ kind: "opened", model });
    } catch (error) {
      if (id !== null) void abandonUpload(id).catch(() => {});
      if (signal.aborted) return;
      const [message, items] = error instanceof Refusal ? [error.detail, error.items] : ["", []];
      this.#dispatch({ kind: "refused", words: problemWords(error), message, items });
    }
  }

  /** Stops what is being sent, or closes what was opened. */
  cancel(): void {
    this.#run.abort();
    this.#dispatch({ kind: "closed" });
  }

  /** Shows an uploaded model's card. */
  async edit(id: string): Promise<void> {
    this.cancel();
    await this.#tell(async () => this.#dispatch({ kind: "opened", model: await askOpened(id) }));
  }

  /** Asks what the model says of the sample photos under each normalisation. */
  async tryPresets(): Promise<void> {
    const state = this.#state.peek();
    if (state.kind !== "opened") return;
    this.#dispatch({ kind: "asking" });
    await this.#tell(async () => this.#dispatch({ kind: "presets", rows: await askPresets(state.model.id) }));
  }

  /** Changes the opened model's card; whoever looks at it continues with what it is then. */
  async change(change: ModelChange): Promise<void> {
    const state = this.#state.peek();
    if (state.kind !== "opened") return;
    this.#dispatch({ kind: "saving", change });
    await this.#tell(async () =>
      this.#dispatch({ kind: "opened", model: await changeModel(state.model.id, change) })
    );
  }

  use(id: string): void {
    this.#ports.setModel(id);
  }

  /** Removes an uploaded model; a notice offers to restore it. */
  async remove({ id, name }: ListedModel): Promise<void> {
    try {
      await removeModel(id);
      this.#dispatch({ kind: "closed" });
      this.#ports.say(`${name} is removed.`, {
        label: "Undo",
        run: () => void restoreModel(id).catch((error: unknown) => this.#ports.say(problemWords(error))),
      });
    } catch (error) {
      this.#ports.say(problemWords(error));
    }
  }

  dispose(): void {
    if (this.#state.peek().kind === "sending") this.#run.abort();
  }

  #dispatch(event: OpeningEvent): void {
    this.#state.value = opening(this.#state.peek(), event);
  }

  async #tell(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const words = problemWords(error);
      if (this.#state.peek().kind === "opened") this.#dispatch({ kind: "problem", words });
      else this.#ports.say(words);
    }
  }
}
