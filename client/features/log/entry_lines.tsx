import { Download, Trash2 } from "lucide-preact";
import type { ColormapName } from "../../../shared/colormaps.ts";
import type { ListedModel } from "../../../shared/protocol.ts";
import { percent } from "../../ui/format.ts";
import { natureOfView } from "../../view/view_state.ts";
import { type LogEntry, searchQuery } from "./api.ts";
import type { EntryList } from "./entry_list.ts";
import { EntryPicture } from "./entry_picture.tsx";
import {
  countWords,
  entryAspect,
  type EntryNames,
  labelOf,
  methodName,
  modelWords,
  timeWords,
} from "./entry_words.ts";

/** Longest side of a thumbnail's pixels; on screen it is half as large. */
const THUMBNAIL_PX = 128;

/** Properties of the list. */
export interface EntryLinesProps {
  readonly list: EntryList;
  readonly names: EntryNames;
  readonly models: readonly ListedModel[];
  readonly colormap: ColormapName;
  /** What has to be done so that something is written down. */
  readonly firstStep: string;
}

/** The entries that were found, with what can be done with all of them. */
export function EntryLines({ list, names, models, colormap, firstStep }: EntryLinesProps) {
  const { entries, total, next, loading } = list.state.value;
  const search = list.search.value;
  const searching = search.label.trim() !== "" || search.day !== "";
  if (entries.length === 0) {
    if (loading) return <p class="muted" role="status">Loading…</p>;
    return (
      <p class="muted" data-testid="log-empty">
        {searching ? "Nothing of this kind was written down." : `Nothing is written down yet. ${firstStep}`}
      </p>
    );
  }
  return (
    <>
      <p class="log-count small" role="status">
        {countWords(total)}
        <span class="log-exports">
          <ExportLink search={searchQuery(search)} format="csv" name="CSV" />
          <ExportLink search={searchQuery(search)} format="jsonl" name="JSON Lines" />
        </span>
      </p>
      <ol class="log-entries">
        {entries.map((entry) => (
          <EntryLine
            key={entry.id}
            entry={entry}
            names={names}
            models={models}
            colormap={colormap}
            onOpen={() => list.opened.value = entry}
            onRemove={() => list.removals.remove(entry)}
          />
        ))}
      </ol>
      <div class="log-foot">
        {next !== null && (
          <button type="button" class="button" disabled={loading} onClick={() => list.more()}>
            Show more
          </button>
        )}
        <button
          type="button"
          class="button"
          data-testid="log-remove-all"
          onClick={() => list.removals.removeAll(search)}
        >
          <Trash2 aria-hidden="true" />
          {searching ? "Delete what was found" : "Delete all"}
        </button>
      </div>
    </>
  );
}

function ExportLink(
  { search, format, name }: { readonly search: string; readonly format: string; readonly name: string },
) {
  return (
    <a class="export" href={`/api/log/export.${format}${search}`} download>
      <Download aria-hidden="true" /> {name}
    </a>
  );
}

interface EntryLineProps extends Pick<EntryLinesProps, "names" | "models" | "colormap"> {
  readonly entry: LogEntry;
  readonly onOpen: () => void;
  readonly onRemove: () => void;
}

function EntryLine({ entry, names, models, colormap, onOpen, onRemove }: EntryLineProps) {
  const label = labelOf(entry, names);
  const { method } = entry;
  const methods = names.welcome?.methods ?? [];
  return (
    <li class="log-entry" data-testid="log-entry">
      <button
        type="button"
        class="log-open"
        title={`${entry.classIndex}: ${entry.label}`}
        aria-label={`Open ${label}, ${timeWords(entry)}`}
        data-testid="log-open"
        onClick={onOpen}
      >
        <EntryPicture
          entry={entry}
          nature={natureOfView({ method, options: {} }, methods)}
          colormap={colormap}
          aspect={entryAspect(entry, models)}
          sidePx={THUMBNAIL_PX}
          class="log-thumbnail"
          words=""
        />
        <span class="log-words">
          <strong>{label}</strong>
          <span class="muted small">
            {timeWords(entry)} · {percent(entry.mean)} on average, up to {percent(entry.peak)}
          </span>
          <span class="muted small">
            {methodName(entry, names)} · {entry.frames} frames · {modelWords(entry)}
          </span>
        </span>
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Delete ${label}`}
        title="Delete this entry"
        data-testid="log-remove"
        onClick={onRemove}
      >
        <Trash2 aria-hidden="true" />
      </button>
    </li>
  );
}
