/** What the server says of its models: the list of all, what is loading, and what can be done with those in use. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ListedModel, ServerMessage, Welcome } from "../../shared/protocol.ts";

/** A model with what can be done with it. */
export type ModelFacts = Required<Pick<Welcome, "model" | "methods" | "layers" | "sameMaps" | "sharedNames">>;

/** A model on its way into memory, and the share that is done, 0…1. */
export interface LoadingModel {
  readonly id: string;
  readonly done: number;
}

/** Size of a picture before the model's own is known, in pixels. */
const FIRST_INPUT = { width: 224, height: 224 };

/** What the view's model takes, in pixels: the size of a frame, and the shape of what is drawn of a picture. */
export function inputOf(welcome: Welcome | null): Pick<Welcome["model"], "width" | "height"> {
  return welcome?.model ?? FIRST_INPUT;
}

/** The view's model as requests name it; null: the server's first one, which answers those that name none. */
export function requestModel({ model, models }: Pick<Welcome, "model" | "models">): string | null {
  return models[0]?.id === model.id ? null : model.id;
}

type ModelMessage = Extract<ServerMessage, { type: "models" | "loading" | "model" }>;

/** The models of one server. */
export class ServedModels {
  readonly #listed = signal<readonly ListedModel[]>([]);
  readonly #loading = signal<LoadingModel | null>(null);
  readonly #facts = signal<ReadonlyMap<string, ModelFacts>>(new Map());

  /** All of them, the first one in front; empty before the first connection. */
  get listed(): ReadonlySignal<readonly ListedModel[]> {
    return this.#listed;
  }

  /** What this page waits for; null: nothing has been reported. */
  get loading(): ReadonlySignal<LoadingModel | null> {
    return this.#loading;
  }

  /** What can be done with a model that a view or a pane has named; reads a signal. */
  factsOf(id: string): ModelFacts | undefined {
    return this.#facts.value.get(id);
  }

  /** A connection has begun: its server may have other models under the names of before. */
  welcomed({ model, methods, layers, sameMaps = [], sharedNames, models }: Welcome): void {
    this.#listed.value = models;
    this.#loading.value = null;
    this.#facts.value = new Map([[model.id, { model, methods, layers, sameMaps, sharedNames }]]);
  }

  take(message: ModelMessage): void {
    switch (message.type) {
      case "models":
        this.#listed.value = message.models;
        return;
      case "loading":
        this.#loading.value = { id: message.model, done: message.done };
        return;
      case "model": {
        const { type: _type, sameMaps = [], ...rest } = message;
        const facts = { ...rest, sameMaps };
        this.#facts.value = new Map([...this.#facts.peek(), [facts.model.id, facts]]);
        if (this.#loading.peek()?.id === facts.model.id) this.#loading.value = null;
        return;
      }
      default: {
        const _never: never = message;
        return _never;
      }
    }
  }
}
