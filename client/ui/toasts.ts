/** Short notices: calm, few, gone by themselves. */
import { type ReadonlySignal, signal } from "@preact/signals";

/** How long a notice stays, in ms; long enough to read two sentences. */
const SHOWN_MS = 8_000;

/** Notices at the same time. */
const MOST = 3;

/** A notice. */
export interface Toast {
  readonly id: number;
  readonly words: string;
  readonly action: ToastAction | null;
}

/** What a notice offers to do, such as undoing what it reports. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** The notices on screen. */
export interface Toasts {
  readonly list: ReadonlySignal<readonly Toast[]>;
  /** Shows a notice, and returns its id; the same words are not shown twice at once. */
  say(words: string, action?: ToastAction): number;
  dismiss(id: number): void;
  dispose(): void;
}

/** Makes an empty list of notices. */
export function createToasts(): Toasts {
  const list = signal<readonly Toast[]>([]);
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  let ids = 0;

  function dismiss(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    list.value = list.value.filter((toast) => toast.id !== id);
  }

  return {
    list,
    say(words, action) {
      const same = list.value.find((toast) => toast.words === words);
      // What is undone now is the newer of the two.
      if (same !== undefined && action === undefined) return same.id;
      if (same !== undefined) dismiss(same.id);
      const id = ++ids;
      list.value = [...list.value, { id, words, action: action ?? null }].slice(-MOST);
      timers.set(id, setTimeout(() => dismiss(id), SHOWN_MS));
      return id;
    },
    dismiss,
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
