/** The names of the model's classes, and what is searched for among them. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import * as v from "valibot";
import { readClass } from "../../shared/class_text.ts";
import { nameOf } from "./labels.ts";

/** What `/api/model` says about the classes; the rest comes with the welcome. */
const ModelAnswerSchema = v.object({ labels: v.array(v.string()) });

/** What class names need. */
export interface ClassNamesPorts {
  /** What the server says of names that several classes have; null before it said anything. A signal is read. */
  readonly known: () => { readonly sharedNames: readonly number[] } | null;
  /** Gets the answer of `/api/model`; rejects where the server cannot be reached. */
  readonly fetchModel: () => Promise<unknown>;
}

/** The classes of the model by name. */
export class ClassNames {
  readonly #ports: ClassNamesPorts;
  readonly #labels = signal<readonly string[]>([]);
  /** What is searched for among the classes; null while nothing is. */
  readonly query: Signal<string | null> = signal(null);

  constructor(ports: ClassNamesPorts) {
    this.#ports = ports;
  }

  /** Every class label by index; empty until they are loaded. */
  get labels(): ReadonlySignal<readonly string[]> {
    return this.#labels;
  }

  /** A class's short name, by its index alone where nothing more is known; it says which class of that name is meant. */
  readonly nameOf = (index: number, label = this.#labels.value[index] ?? ""): string =>
    nameOf({ index, label }, this.#ports.known());

  /**
   * Loads the labels of the server's model.
   *
   * @param asked a name that several classes may have: which one is meant is asked, unless something else is searched
   */
  async load(asked: () => string | null): Promise<void> {
    try {
      const answer = v.safeParse(ModelAnswerSchema, await this.#ports.fetchModel());
      if (!answer.success) return;
      this.#labels.value = answer.output.labels;
      const text = asked();
      if (text === null || this.query.peek() !== null) return;
      if (readClass(this.#labels.value, text).kind === "several") this.query.value = text;
    } catch {
      // Without labels only the five classes on screen can be locked; the next welcome tries again.
    }
  }
}
