import { ChevronLeft, ChevronRight, Trash2, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { ColormapName } from "../../../shared/colormaps.ts";
import type { ListedModel } from "../../../shared/protocol.ts";
import type { Layers } from "../../ui/layers.ts";
import { useLayer } from "../../ui/use_layer.ts";
import { natureOfView } from "../../view/view_state.ts";
import type { LogEntry } from "./api.ts";
import { EntryFacts } from "./entry_facts.tsx";
import type { EntryList } from "./entry_list.ts";
import { EntryPicture } from "./entry_picture.tsx";
import { entryAspect, type EntryNames, labelOf } from "./entry_words.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";

/** Longest side of the large picture's pixels; the server keeps no more. */
const LARGE_PX = 448;

interface DialogProps {
  readonly list: EntryList;
  readonly names: EntryNames;
  readonly models: readonly ListedModel[];
  readonly colormap: ColormapName;
}

/** The entry that is open, large; nothing where none is. */
export function EntryDialog({ layers, list, ...look }: DialogProps & { readonly layers: Layers }) {
  const entry = list.opened.value;
  const close = () => list.opened.value = null;
  useLayer(layers, {
    isOpen: () => list.opened.value !== null,
    close,
    escape: "browser",
    back: true,
  });
  return entry === null ? null : <OpenEntry list={list} {...look} entry={entry} onClose={close} />;
}

interface OpenEntryProps extends DialogProps {
  readonly entry: LogEntry;
  readonly onClose: () => void;
}

function OpenEntry({ list, names, models, colormap, entry, onClose }: OpenEntryProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const neighbours = neighboursOf(list.state.value.entries, entry);
  const { newer, older } = neighbours;
  // The next part of the list is there by the time somebody wants to see it.
  useEffect(() => {
    if (older === null) list.more();
  }, [older === null]);

  const show = (next: LogEntry | null) => {
    if (next !== null) list.opened.value = next;
  };
  const label = labelOf(entry, names);
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
          entry={entry}
          nature={natureOfView({ method: entry.method, options: {} }, names.welcome?.methods ?? [])}
          colormap={colormap}
          aspect={entryAspect(entry, models)}
          sidePx={LARGE_PX}
          class="entry-picture"
          words={`The picture of ${label} with its heatmap`}
        />
        <EntryFacts entry={entry} names={names} />
        <EntryButtons
          neighbours={neighbours}
          onShow={show}
          onRemove={() => {
            // The notice that offers to undo it could not be reached behind the dialog.
            onClose();
            list.removals.remove(entry);
          }}
        />
      </div>
    </dialog>
  );
}

interface EntryButtonsProps {
  readonly neighbours: Neighbours;
  readonly onShow: (entry: LogEntry | null) => void;
  readonly onRemove: () => void;
}

function EntryButtons({ neighbours: { newer, older }, onShow, onRemove }: EntryButtonsProps) {
  return (
    <div class="entry-actions">
      <button
        type="button"
        class="button"
        disabled={newer === null}
        data-testid="log-newer"
        onClick={() => onShow(newer)}
      >
        <ChevronLeft aria-hidden="true" /> Newer
      </button>
      <button
        type="button"
        class="button"
        disabled={older === null}
        data-testid="log-older"
        onClick={() => onShow(older)}
      >
        Older <ChevronRight aria-hidden="true" />
      </button>
      <button type="button" class="button entry-remove" data-testid="log-remove-large" onClick={onRemove}>
        <Trash2 aria-hidden="true" /> Delete
      </button>
    </div>
  );
}
