/** What is explained and how, as a model: the only place where method, class, layer and options change. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Cover } from "../../shared/cover.ts";
import type { MethodInfo, OptionValues, Target, View } from "../../shared/protocol.ts";
import { askedView, FIRST_CLASS, lockedClass, viewed, type ViewEvent, type ViewState } from "./view_state.ts";

/** What a view store needs. */
export interface ViewPorts {
  /** The methods of the server, as far as it has named them. */
  readonly methods: () => readonly MethodInfo[];
  /** Asks the server for a view; `sameValues`: only its class or cover is another, so that its numbers stay comparable. */
  readonly ask: (view: View, sameValues: boolean) => void;
  /** Stores what the next visit begins with. */
  readonly remember: (
    chosen: { readonly model: string } | { readonly method: string } | {
      readonly options: Readonly<Record<string, OptionValues>>;
    },
  ) => void;
}

/** What changes the numbers of a map, and not what they are. */
const SAME_VALUES: ReadonlySet<ViewEvent["kind"]> = new Set(["target", "cover"]);

/** The view of a page. */
export class ViewStore {
  readonly #ports: ViewPorts;
  readonly #state;
  /** Index of the class that is locked, or null. */
  readonly locked: ReadonlySignal<number | null>;

  constructor(first: ViewState, ports: ViewPorts) {
    this.#ports = ports;
    this.#state = signal(first);
    this.locked = computed(() => lockedClass(this.#state.value.current.target));
  }

  get state(): ReadonlySignal<ViewState> {
    return this.#state;
  }

  /** Chooses the model that explains; what is shown continues until it is loaded. */
  setModel(model: string): void {
    this.#take({ kind: "model", model });
  }

  /** Wants no other model any more. */
  keepModel(): void {
    this.#take({ kind: "stay" });
  }

  /** Chooses a method; a target layer stays where both methods can explain any. */
  setMethod(method: string): void {
    this.#take({ kind: "method", method, keepsLayer: this.#keepsLayer(method) });
    this.#ports.remember({ method });
  }

  /** Chooses the target layer; null: the method's own. */
  setLayer(layer: string | null): void {
    this.#take({ kind: "layer", layer });
  }

  setOption(name: string, value: number | boolean | string): void {
    this.#take({ kind: "option", name, value });
    this.#ports.remember({ options: this.#state.value.options });
  }

  /** Explains one class from now on, whatever the network ranks first. */
  lockClass(index: number): void {
    this.explain({ kind: "class", index });
  }

  /** Explains what a view's target says. */
  explain(target: Target): void {
    this.#take({ kind: "target", target });
  }

  /** Explains the first class of every frame again. */
  unlock(): void {
    this.explain(FIRST_CLASS);
  }

  /** Locks a class, or unlocks it when it is the locked one. */
  toggleClass(index: number): void {
    if (this.locked.value === index) this.unlock();
    else this.lockClass(index);
  }

  /** Hides a part of the picture from the network, or nothing any more; returns the view's revision from now on. */
  setCover(cover: Cover | null): number {
    this.#take({ kind: "cover", cover });
    return this.#state.value.lastRevision;
  }

  /** A connection has begun: its server has confirmed nothing yet. */
  welcomed(): void {
    this.#take({ kind: "welcomed" });
  }

  /** The server shows a view. */
  accepted(view: View): void {
    this.#take({ kind: "accepted", view });
    if (view.model !== undefined) this.#ports.remember({ model: view.model });
  }

  /**
   * The server refused the view of this revision, as its model has no such class. Returns whether that is the model that is
   * wanted, whose first class is explained then.
   */
  classMissing(revision: number): boolean {
    if (this.#state.value.wanted?.revision !== revision) return false;
    this.#take({ kind: "class-missing" });
    return true;
  }

  /** The server refused the view of this revision. */
  refused(revision: number): void {
    this.#take({ kind: "refused", revision });
  }

  #take(event: ViewEvent): void {
    const before = this.#state.value;
    const after = viewed(before, event);
    this.#state.value = after;
    if (after.lastRevision > before.lastRevision && event.kind !== "accepted") {
      this.#ports.ask(askedView(after), SAME_VALUES.has(event.kind) || after.wanted !== null);
    }
  }

  #keepsLayer(method: string): boolean {
    const methods = this.#ports.methods();
    return [method, askedView(this.#state.value).method].every((id) =>
      methods.find((one) => one.id === id)?.looksAt === "any-layer"
    );
  }
}
