/** Leads through the tour: brings the page into what each step shows, and gives it back at the end. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isShown, type StepWords, wordsOf } from "./facts.ts";
import type { TourPorts } from "./ports.ts";
import { firstStep, toured, type TourEvent, type TourState, type TourStep } from "./tour_state.ts";

/** Time between two looks at the page, in ms. */
const LOOK_MS = 250;

/** What is hidden from the network. */
type Hidden = "nothing" | "hottest" | "all";

/** What of the picture each step hides. */
const HIDDEN: Readonly<Record<TourStep, Hidden>> = {
  point: "nothing",
  glow: "nothing",
  cover: "hottest",
  fall: "hottest",
  another: "nothing",
  unsure: "all",
  record: "nothing",
};

/** Steps that show the picture itself: before there are colours, and what is grey of it. */
const HIDES_MAP: ReadonlySet<TourStep> = new Set(["point", "cover"]);

/** A tour under way. */
export class Guide {
  readonly #ports: TourPorts;
  readonly #onEnd: () => void;
  readonly #state: Signal<TourState>;
  readonly #giveBack: () => void;
  readonly #stopLooking: () => void;
  #hidden: Hidden = "nothing";
  #locked = false;
  #over = false;

  /** Begins at once; `onEnd` is called when it is over, however it ends. */
  constructor(ports: TourPorts, unattended: boolean, onEnd: () => void) {
    this.#ports = ports;
    this.#onEnd = onEnd;
    this.#state = signal(firstStep(ports.now(), unattended));
    this.#giveBack = ports.borrow();
    this.#stopLooking = ports.every(LOOK_MS, () => this.#look());
    this.#enter();
  }

  get state(): ReadonlySignal<TourState> {
    return this.#state;
  }

  /** What the step says now; reads signals. */
  get words(): StepWords {
    const { step, missed } = this.#state.value;
    return wordsOf(step, this.#ports.facts(), missed);
  }

  /** Whether the server answers; reads signals. */
  get isLive(): boolean {
    return this.#ports.facts().live;
  }

  next(): void {
    this.#take({ kind: "next", nowMs: this.#ports.now() });
  }

  back(): void {
    this.#take({ kind: "back", nowMs: this.#ports.now() });
  }

  /** Ends the tour, wherever it is. */
  leave(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopLooking();
    this.#giveBack();
    this.#onEnd();
  }

  /** Ends the tour and begins to record. */
  record(): void {
    this.leave();
    this.#ports.record();
  }

  #take(event: TourEvent): void {
    if (this.#over) return;
    const before = this.#state.peek();
    const after = toured(before, event);
    if (after === null) return this.leave();
    this.#state.value = after;
    if (after.step !== before.step) this.#enter();
  }

  #look(): void {
    this.#pursue();
    const facts = this.#ports.facts();
    const { step, missed } = this.#state.peek();
    const letters = wordsOf(step, facts, missed).words.length;
    const shown = isShown(step, facts) && this.#isArranged(step);
    this.#take({ kind: "tick", nowMs: this.#ports.now(), live: facts.live, shown, letters });
  }

  #enter(): void {
    const { stage } = this.#ports;
    const { step } = this.#state.peek();
    stage.hideMap(HIDES_MAP.has(step));
    if (this.#locked && step !== "another") {
      stage.unlock();
      this.#locked = false;
    }
    if (this.#hidden !== HIDDEN[step] && this.#hidden !== "nothing") {
      stage.uncover();
      this.#hidden = "nothing";
    }
    this.#pursue();
  }

  /** Does what the step needs as soon as the page is ready for it: a map of the whole picture, a list of its classes. */
  #pursue(): void {
    const { stage, facts } = this.#ports;
    const { step } = this.#state.peek();
    const { live, first, mapped, fall, locked } = facts();
    if (!live || this.#isArranged(step)) return;
    const whole = fall === null && first !== null;
    switch (HIDDEN[step]) {
      case "hottest":
        if (whole && mapped && locked === null && stage.coverHottest()) this.#hidden = "hottest";
        break;
      case "all":
        stage.coverNearlyAll();
        this.#hidden = "all";
        break;
      case "nothing":
        if (whole && stage.lockSecond()) this.#locked = true;
        break;
    }
  }

  #isArranged(step: TourStep): boolean {
    return this.#hidden === HIDDEN[step] && this.#locked === (step === "another");
  }
}
