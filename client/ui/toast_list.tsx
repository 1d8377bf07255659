import { X } from "lucide-preact";
import type { Toasts } from "./toasts.ts";

/** Shows the notices. */
export function ToastList({ toasts }: { readonly toasts: Toasts }) {
  return (
    <div class="toasts" role="status">
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
