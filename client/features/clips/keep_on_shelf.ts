import { pageShelf } from "./shelf/browser_shelf.ts";
import { type NewClip, ShelfFullError } from "./shelf/shelf.ts";

/**
 * Puts a clip onto the page's shelf; returns "full" where the browser has no room for it.
 *
 * @throws DOMException where the shelf cannot be written, or TypeError where the media is of another type
 */
export async function keepOnShelf(clip: NewClip): Promise<"kept" | "full"> {
  try {
    await (await pageShelf()).add(clip);
    return "kept";
  } catch (error) {
    if (error instanceof ShelfFullError) return "full";
    throw error;
  }
}
