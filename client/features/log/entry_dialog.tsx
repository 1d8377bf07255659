import { ChevronLeft, ChevronRight, Trash2, X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLayer } from "../../ui/use_layer.ts";
import type { Page } from "../../app/page.ts";
import { percent } from "../../ui/format.ts";
import type { Entry } from "./api.ts";
import { EntryPicture } from "./entry_picture.tsx";
import { labelOf, methodName, timeWords } from "./entry_words.ts";
import type { LogModel } from "./entry_list.ts";
import { neighboursOf } from "./neighbours.ts";

/** Side of the large picture's pixels; the server keeps no more. */
const LARGE_PX = 448;

interface DialogProps {
  readonly page: Page;
  readonly model: LogModel;
}

/** The entry that is open, large; nothing where none is. */
export function EntryDialog({ page, model }: DialogProps) {
  const entry = model.opened.value;
  const close = () => model.opened.value = null;
  useLayer(page.layers, {
    isOpen: () => model.opened.value !== null,
    close,
    escape: "browser",
    back: true,
  });
  return entry === null ? null : <OpenEntry page={page} model={model} entry={entry} onClose={close} />;
}

function OpenEntry(
  { page, model, entry, onClose }: DialogProps & { readonly entry: Entry; readonly onClose: () => void },
) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { newer, older } = neighboursOf(model.list.value.entries, entry);
  // The next part of the list is there by the time somebody wants to go on.
  useEffect(() => {
    if (older === null) model.more();
  }, [older === null]);

  const show = (next: Entry | null) => {
    if (next !== null) model.opened.value = next;
  };
  const label = labelOf(page, entry);
  return (
    <dialog
      class="help entry"
      ref={dialog}
      aria-labelledby="entry-title"
      data-testid="log-entry-large"
      onClose={onClose}
      onCancel={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") show(newer);
        else if (event.key === "ArrowRight") show(older);
      }}
    >
      <div class="help-body">
        <div class="card-head">
          <h2 id="entry-title" title={entry.label}>{label}</h2>
          <button type="button" class="icon-button" aria-label="Close" autofocus onClick={onClose}>
            <X aria-hidden="true" />
          </button>
        </div>
        <EntryPicture
          page={page}
          entry={entry}
          sidePx={LARGE_PX}
          class="entry-picture"
          words={`The picture of ${label} with its heatmap`}
        />
        <dl class="entry-facts">
          <Fact name="Seen">{timeWords(entry)}, in {entry.frames} frames</Fact>
          <Fact name="Probability">
            {percent(entry.mean)} on average, up to {percent(entry.peak)}
          </Fact>
          <Fact name="Class">{entry.label} ({entry.classIndex})</Fact>
          <Fact name="Heatmap">{entry.map === null ? "none" : methodName(page, entry)}</Fact>
          <Fact name="Model">
            <span title={`Hash ${entry.modelHash}`}>{entry.modelId}</span>
          </Fact>
        </dl>
        <div class="entry-actions">
          <button
            type="button"
            class="button"
            disabled={newer === null}
            data-testid="log-newer"
            onClick={() => show(newer)}
          >
            <ChevronLeft aria-hidden="true" /> Newer
          </button>
          <button
            type="button"
            class="button"
            disabled={older === null}
            data-testid="log-older"
            onClick={() => show(older)}
          >
            Older <ChevronRight aria-hidden="true" />
          </button>
          <button
            type="button"
            class="button entry-remove"
            data-testid="log-remove-large"
            onClick={() => {
              // The notice that brings it back could not be reached behind the dialog.
              onClose();
              model.remove(entry);
            }}
          >
            <Trash2 aria-hidden="true" /> Delete
          </button>
        </div>
      </div>
    </dialog>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt class="muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
