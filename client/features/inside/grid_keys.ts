/** Where the keys move to in the grid of channels. Pure. */
import { CHANNELS_PER_PAGE, CHANNELS_PER_ROW } from "../../../shared/inside.ts";

/** Where the focus is. */
export interface GridPosition {
  /** The channel that has the focus. */
  readonly current: number;
  /** The first channel of the page, and how many the page has. */
  readonly first: number;
  readonly shown: number;
  /** Channels of the layer. */
  readonly channels: number;
}

/** A key that was pressed. */
export type GridKey = Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">;

/** Returns the channel that a key moves to, perhaps on another page or none; null: the key moves nowhere. */
export function channelOfKey({ key, ctrlKey }: GridKey, position: GridPosition): number | null {
  const { current, first, shown, channels } = position;
  const last = first + shown - 1;
  const rowStart = current - current % CHANNELS_PER_ROW;
  switch (key) {
    case "ArrowRight":
      return current + 1;
    case "ArrowLeft":
      return current - 1;
    case "ArrowDown":
      return current + CHANNELS_PER_ROW;
    case "ArrowUp":
      return current - CHANNELS_PER_ROW;
    case "Home":
      return ctrlKey ? first : rowStart;
    case "End":
      return ctrlKey ? last : Math.min(rowStart + CHANNELS_PER_ROW - 1, last);
    case "PageDown":
      return Math.min(current + CHANNELS_PER_PAGE, channels - 1);
    case "PageUp":
      return Math.max(current - CHANNELS_PER_PAGE, 0);
    default:
      return null;
  }
}

/** Channels of a page in rows of 16. */
export function channelRows(first: number, shown: number): number[][] {
  return Array.from(
    { length: Math.ceil(shown / CHANNELS_PER_ROW) },
    (_, row) =>
      Array.from(
        { length: Math.min(CHANNELS_PER_ROW, shown - row * CHANNELS_PER_ROW) },
        (_, column) => first + row * CHANNELS_PER_ROW + column,
      ),
  );
}
