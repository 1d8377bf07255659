/** Sends covers one after the other: a hand moves faster than the network answers, and only the newest cover counts. */
import type { Cover } from "../../../shared/cover.ts";

/** A cover whose answer does not come is over after this time, in ms: a model is loaded, or there is no picture. */
export const ANSWER_MS = 400;

/** The map of a still picture's cover is waited for this long, in ms: the next cover would retire it. */
export const MAP_MS = 60;

/** What a sender needs. */
export interface CoverSenderPorts {
  /** Asks for a view with this cover; returns its revision. */
  readonly send: (cover: Cover | null) => number;
  /** Runs something after so many ms; what is returned cancels it. */
  readonly later: (run: () => void, ms: number) => () => void;
  /** Whether the picture stands still; of a moving one the next frame retires a map anyway. */
  readonly isStill: () => boolean;
}

/** At most one cover is on its way; the newest one follows when it is answered. */
export class CoverSender {
  readonly #ports: CoverSenderPorts;
  /** Revision of the cover on its way, or null. */
  #pending: number | null = null;
  /** Whether its predictions are there, so that only its map is waited for. */
  #isAnswered = false;
  #next: { readonly cover: Cover | null } | null = null;
  #cancel = (): void => {};

  constructor(ports: CoverSenderPorts) {
    this.#ports = ports;
  }

  /** Whether nothing is on its way or waits. */
  get isIdle(): boolean {
    return this.#pending === null;
  }

  /** Sends a cover, or keeps it until the one before is answered. */
  take(cover: Cover | null): void {
    if (this.#pending === null) this.#send(cover);
    else this.#next = { cover };
  }

  /** The predictions of a view have come: its own, or those of a newer one that the cover is part of. */
  answered(revision: number): void {
    if (this.#pending === null || revision < this.#pending || this.#isAnswered) return;
    if (!this.#ports.isStill()) return this.settle();
    this.#isAnswered = true;
    this.#wait(MAP_MS);
  }

  /** A part of the map of a view has come; before its predictions it is of a frame that gave way to another one. */
  mapped(revision: number): void {
    if (this.#pending !== null && revision >= this.#pending && this.#isAnswered) this.settle();
  }

  /** The server does not show a view. */
  refused(revision: number): void {
    if (revision === this.#pending) this.settle();
  }

  /** Nothing is waited for any more: what is kept goes at once. */
  settle(): void {
    this.#cancel();
    this.#pending = null;
    this.#isAnswered = false;
    const next = this.#next;
    this.#next = null;
    if (next !== null) this.#send(next.cover);
  }

  #send(cover: Cover | null): void {
    this.#pending = this.#ports.send(cover);
    this.#wait(ANSWER_MS);
  }

  #wait(ms: number): void {
    this.#cancel();
    this.#cancel = this.#ports.later(() => this.settle(), ms);
  }
}
