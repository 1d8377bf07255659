import { X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Toasts } from "./toasts.ts";

/** Shows the notices; the style sheet's `--notices` is their height, for what must not lie under them. */
export function ToastList({ toasts }: { readonly toasts: Toasts }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() =>
      style.setProperty("--notices", `${list.current?.offsetHeight ?? 0}px`)
    );
    if (list.current !== null) observer.observe(list.current, { box: "border-box" });
    return () => observer.disconnect();
  }, []);
  return (
    <div class="toasts" role="status" ref={list}>
      {toasts.list.value.map((toast) => (
        <div class="toast" key={toast.id}>
          <p>{toast.words}</p>
          {toast.action !== null && (
            <button
              type="button"
              class="button"
              data-testid="toast-action"
              onClick={() => {
                toast.action?.run();
                toasts.dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label="Dismiss"
            onClick={() => toasts.dismiss(toast.id)}
          >
            <X aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
