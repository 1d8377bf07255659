/** Says the server's errors on the page, each at one place. */
import { ERRORS } from "../../shared/errors.ts";
import { STORAGE_ERRORS } from "../live/storage_errors.ts";
import type { StreamObserver } from "../live/stream_observers.ts";
import type { Toasts } from "../ui/toasts.ts";

/**
 * Shows a notice for every error that is said nowhere else.
 *
 * @param isCarried whether the view waits for another model, which said what became of its class
 */
export function problemObserver(say: Toasts["say"], isCarried: () => boolean = () => false): StreamObserver {
  return {
    message(message) {
      // One of a pane is said in the pane, one that closes the connection where the connection is.
      if (message.type !== "error" || message.pane !== null) return;
      if (message.code === "unknown-class" && isCarried()) return;
      const { words, close } = ERRORS[message.code];
      if (close !== null) return;
      say(STORAGE_ERRORS.has(message.code) ? words : `${words} ${message.message}.`);
    },
  };
}
