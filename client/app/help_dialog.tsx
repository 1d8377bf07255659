import { X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Page } from "./page.ts";
import { keyName } from "../ui/keys.ts";

/** What can be done, with every key, and the switch that turns the keys off. */
export function HelpDialog({ page }: { readonly page: Page }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = page.helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  // Both on cancel and on close, which comes a task later: keys that are pressed by then act on the page again.
  const close = () => page.helpOpen.value = false;
  return (
    <dialog
      class="help"
      ref={dialog}
      aria-labelledby="help-title"
      onCancel={close}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="help-body">
        <div class="card-head">
          <h2 id="help-title">Gradcast</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={close}>
            <X aria-hidden="true" />
          </button>
        </div>
        <p>
          The outlined part is what the network sees. The list is what it says. The colours show where in the
          picture the evidence for a class lies: the stronger the colour, the more of the score hangs on that
          place.
        </p>
        <p class="muted">
          Drag over the picture, or the handle at its right edge, to compare it with and without the map;
          wheel or pinch for opacity; drop or paste a photo or a video anywhere. Escape and the browser’s Back
          close what is open.
        </p>
        <p>
          <button
            type="button"
            class="button"
            onClick={() => {
              close();
              page.tour.start();
            }}
          >
            Take the tour of a minute
          </button>
        </p>
        <p>
          <a href="/tables">Explain a table</a>: small models that are drawn, on numbers in place of pictures.
        </p>
        <ul class="keys" data-off={!page.settings.value.shortcuts}>
          {page.actions.filter((action) => action.key !== null).map((action) => (
            <li key={action.id}>
              <kbd>{keyName(action.key ?? "")}</kbd>
              <span>{action.name}</span>
            </li>
          ))}
        </ul>
        <label class="check">
          <input
            type="checkbox"
            checked={page.settings.value.shortcuts}
            onChange={(event) => page.change({ shortcuts: event.currentTarget.checked })}
          />
          Single keys act (the question mark always does)
        </label>
      </div>
    </dialog>
  );
}
