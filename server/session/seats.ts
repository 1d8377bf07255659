/** Which newcomer gets a seat, and which viewer gives way for it (PROTOCOL.md, H5 and H11). Pure. */
import {
  EMPTY_SEAT_MS,
  GREETING_SEAT_MS,
  IDLE_SEAT_MS,
  MAX_VIEWERS_PER_ADDRESS,
  RESERVED_SEATS,
} from "../../shared/limits.ts";

/** Whose connection it is. */
export interface Whose {
  /** What connections of one client have in common; null where nothing tells clients apart, as behind a proxy. */
  readonly from: string | null;
  /** Whether it comes from the server's own machine. */
  readonly own: boolean;
}

/** What a viewer does with its seat; times in ms of the server's clock. */
export type Presence =
  /** No hello has come yet. */
  | { readonly kind: "greeting" }
  /** Nothing was shown yet. */
  | { readonly kind: "empty" }
  /** The last frame came, or the last thing was asked for, at `sinceMs`. */
  | { readonly kind: "shown"; readonly sinceMs: number }
  /** Others may watch. */
  | { readonly kind: "presenting" };

/** A seat that is taken. */
export interface Seat<Viewer> extends Whose {
  readonly viewer: Viewer;
  /** When it was taken. */
  readonly takenMs: number;
  readonly presence: Presence;
}

/** What becomes of a newcomer. */
export type Seating<Viewer> =
  | { readonly kind: "free" }
  /** Gets the seat of a viewer that is idle. */
  | { readonly kind: "instead-of"; readonly viewer: Viewer }
  /** Gets none: all are taken, or all that one address may have. */
  | { readonly kind: "full"; readonly why: "all" | "address" };

/**
 * Finds a seat for a newcomer among `all` that there are. Pages on the server's own machine are not counted by address,
 * and there are seats beyond `all` for them.
 */
export function seatFor<Viewer>(
  { from, own }: Whose,
  seats: readonly Seat<Viewer>[],
  all: number,
  nowMs: number,
): Seating<Viewer> {
  const idle = seats.filter((seat) => isIdle(seat, nowMs)).sort(byPatience);
  if (from !== null && !own) {
    const neighbours = seats.filter((seat) => seat.from === from && !seat.own);
    if (neighbours.length >= MAX_VIEWERS_PER_ADDRESS) {
      return insteadOf(idle.find((one) => neighbours.includes(one)), "address");
    }
  }
  if (seats.length < all) return { kind: "free" };
  if (idle.length === 0 && own && seats.length < all + RESERVED_SEATS) return { kind: "free" };
  return insteadOf(idle[0], "all");
}

function insteadOf<Viewer>(seat: Seat<Viewer> | undefined, why: "all" | "address"): Seating<Viewer> {
  return seat === undefined ? { kind: "full", why } : { kind: "instead-of", viewer: seat.viewer };
}

/** Whether a seat may be given to somebody else. */
function isIdle({ presence, takenMs }: Seat<unknown>, nowMs: number): boolean {
  switch (presence.kind) {
    case "greeting":
      return nowMs - takenMs >= GREETING_SEAT_MS;
    case "empty":
      return nowMs - takenMs >= EMPTY_SEAT_MS;
    case "shown":
      return nowMs - presence.sinceMs >= IDLE_SEAT_MS;
    case "presenting":
      return false;
    default: {
      const never: never = presence;
      return never;
    }
  }
}

/** Who gives way first: strangers before the own machine, who has said nothing before others, then the longest idle. */
function byPatience(a: Seat<unknown>, b: Seat<unknown>): number {
  return Number(a.own) - Number(b.own) ||
    Number(b.presence.kind === "greeting") - Number(a.presence.kind === "greeting") ||
    lastSeenMs(a) - lastSeenMs(b);
}

function lastSeenMs({ presence, takenMs }: Seat<unknown>): number {
  return presence.kind === "shown" ? presence.sinceMs : takenMs;
}
