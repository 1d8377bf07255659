/** Who may connect: bounds in all and for each address, and who gives way when they are reached (N2). */
import { MAX_CONNECTIONS_PER_ADDRESS } from "../../shared/limits.ts";
import { addressGroup, LOOPBACK } from "./address_group.ts";
import type { Phase } from "./connection.ts";

/** What admission knows of a connection. */
export interface Admitted {
  readonly remoteAddress: string;
  readonly phase: Phase;
  /** When its phase began, in ms. */
  readonly sinceMs: number;
}

/** What becomes of a new connection. */
export type Verdict<One> =
  | { readonly kind: "admitted" }
  /** In the place of one that waits for a request. */
  | { readonly kind: "admitted-for"; readonly gone: One }
  | { readonly kind: "refused"; readonly limit: number };

/** Share of all places that one address of another machine may take where there are few. */
const ADDRESS_SHARE = 5 / 8;

/** Share that the machine itself may take, and share that all others together may: neither shuts the other out. */
const SIDE_SHARE = 3 / 4;

/** The connections that are open. */
export class Admission<One extends Admitted> {
  /** Each with the group of its address. */
  readonly #open = new Map<One, string>();
  readonly #sizes = new Map<string, number>();
  readonly #limit: number;

  /** `limit` is the number of connections in all, 4 or more. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#open.size;
  }

  [Symbol.iterator](): Iterator<One> {
    return this.#open.keys();
  }

  /** Counts a connection, or refuses it. */
  enter(one: One): Verdict<One> {
    const group = addressGroup(one.remoteAddress);
    const own = this.#sizes.get(LOOPBACK) ?? 0;
    const isOwn = group === LOOPBACK;
    const size = this.#sizes.get(group) ?? 0;
    const sideSize = isOwn ? own : this.#open.size - own;
    const sideShare = Math.floor(SIDE_SHARE * this.#limit);
    const addressShare = Math.min(MAX_CONNECTIONS_PER_ADDRESS, Math.floor(ADDRESS_SHARE * this.#limit));
    const share = isOwn ? sideShare : addressShare;
    if (size >= share) return this.#replace(one, group, share, (other) => other === group);
    const onSide = (other: string) => (other === LOOPBACK) === isOwn;
    if (sideSize >= sideShare) return this.#replace(one, group, sideShare, onSide);
    if (this.#open.size >= this.#limit) return this.#replace(one, group, this.#limit, onSide);
    this.#add(one, group);
    return { kind: "admitted" };
  }

  /** Forgets a connection that has closed. */
  leave(one: One): void {
    const group = this.#open.get(one);
    if (group === undefined) return;
    this.#open.delete(one);
    const size = (this.#sizes.get(group) ?? 1) - 1;
    if (size === 0) this.#sizes.delete(group);
    else this.#sizes.set(group, size);
  }

  #add(one: One, group: string): void {
    this.#open.set(one, group);
    this.#sizes.set(group, (this.#sizes.get(group) ?? 0) + 1);
  }

  /** The one that has waited longest for a request gives way; where all are at work, the new one is refused. */
  #replace(one: One, group: string, limit: number, isCandidate: (group: string) => boolean): Verdict<One> {
    let gone: One | null = null;
    for (const [other, otherGroup] of this.#open) {
      if (!isCandidate(otherGroup) || other.phase === "busy" || other.phase === "socket") continue;
      if (gone === null || other.sinceMs < gone.sinceMs) gone = other;
    }
    if (gone === null) return { kind: "refused", limit };
    this.leave(gone);
    this.#add(one, group);
    return { kind: "admitted-for", gone };
  }
}
