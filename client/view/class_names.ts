/** The names of the model's classes, and what is searched for among them. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import * as v from "valibot";
import { readClass } from "../../shared/class_text.ts";
import { type NameOf, nameOf } from "./labels.ts";

/** What `/api/model` says about the classes; the rest comes with the welcome. */
const ModelAnswerSchema = v.object({ labels: v.array(v.string()) });

/** What class names need. */
export interface ClassNamesPorts {
  /** The model of the view, and names that several classes have; null before the server said anything. A signal is read. */
  readonly known: () => KnownModel | null;
  /** The same of another model, as far as the server has named it. A signal is read. */
  readonly modelOf: (id: string) => KnownModel | undefined;
  /** Gets the answer of `/api/model` for a model; rejects where the server cannot be reached. */
  readonly fetchModel: (id: string) => Promise<unknown>;
}

/** What the server says of a model's classes. */
export interface KnownModel {
  readonly model: { readonly id: string };
  /** Classes whose first name another class has too. */
  readonly sharedNames: readonly number[];
}

/** The classes of the models by name. */
export class ClassNames {
  readonly #ports: ClassNamesPorts;
  /** Labels by the model's id. */
  readonly #loaded = signal<ReadonlyMap<string, readonly string[]>>(new Map());
  /** What the server said of the models whose labels were loaded last. */
  readonly #loadedOf = new Map<string, KnownModel | undefined>();
  readonly #labels = computed(() => this.#labelsOf(this.#ports.known()?.model.id));
  /** What is searched for among the classes; null while nothing is. */
  readonly query: Signal<string | null> = signal(null);

  constructor(ports: ClassNamesPorts) {
    this.#ports = ports;
  }

  /** Every class label of the view's model by index; empty until they are loaded. */
  get labels(): ReadonlySignal<readonly string[]> {
    return this.#labels;
  }

  /** A class's short name, by its index alone where nothing more is known; it says which class of that name is meant. */
  readonly nameOf = (index: number, label = this.#labels.value[index] ?? ""): string =>
    nameOf({ index, label }, this.#ports.known());

  /** Names the classes of a model: of the view's where `id` is undefined. */
  nameOfModel(id: string | undefined): NameOf {
    if (id === undefined || id === this.#ports.known()?.model.id) return this.nameOf;
    return (index, label = this.#labelsOf(id)[index] ?? "") =>
      nameOf({ index, label }, this.#ports.modelOf(id) ?? null);
  }

  /** Loads the labels of a model, unless they are there; one that was changed is another one to the server's words. */
  async need(id: string): Promise<void> {
    const known = this.#ports.modelOf(id);
    if (this.#loaded.peek().has(id) && this.#loadedOf.get(id) === known) return;
    this.#loadedOf.set(id, known);
    try {
      this.#take(id, await this.#ports.fetchModel(id));
    } catch {
      // Classes are called by their numbers then.
    }
  }

  /**
   * Loads the labels of the view's model.
   *
   * @param asked a name that several classes may have: which one is meant is asked, unless something else is searched
   */
  async load(asked: () => string | null): Promise<void> {
    const id = this.#ports.known()?.model.id;
    if (id === undefined) return;
    try {
      if (!this.#take(id, await this.#ports.fetchModel(id))) return;
      const text = asked();
      if (text === null || this.query.peek() !== null) return;
      if (readClass(this.#labelsOf(id), text).kind === "several") this.query.value = text;
    } catch {
      // Without labels only the five classes on screen can be locked; the next welcome tries again.
    }
  }

  #labelsOf(id: string | undefined): readonly string[] {
    return id === undefined ? [] : this.#loaded.value.get(id) ?? [];
  }

  #take(id: string, answer: unknown): boolean {
    const read = v.safeParse(ModelAnswerSchema, answer);
    if (read.success) this.#loaded.value = new Map([...this.#loaded.peek(), [id, read.output.labels]]);
    return read.success;
  }
}
