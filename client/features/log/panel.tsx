/** The view "Log": what was seen when, if its writing was turned on. */
import { Download, RotateCw, Trash2 } from "lucide-preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Page } from "../../app/page.ts";
import { percent } from "../../ui/format.ts";
import { type Entry, searchQuery } from "./api.ts";
import { createLog, type ListProblem, type LogModel } from "./entry_list.ts";
import { EntryDialog } from "./entry_dialog.tsx";
import { EntryPicture } from "./entry_picture.tsx";
import { countWords, labelOf, methodName, timeWords } from "./entry_words.ts";
import { LogSwitch } from "./log_switch.tsx";
import { TrashFold } from "./trash_fold.tsx";

/** Side of a thumbnail's pixels; on screen it is half as large. */
const THUMBNAIL_PX = 128;

/** The drawer's content. */
export function Drawer({ page }: { readonly page: Page }) {
  const model = useMemo(() => createLog(page), [page]);
  useEffect(() => () => model.dispose(), [model]);
  const { problem } = model.list.value;
  return (
    <div class="log" data-testid="log">
      <LogSwitch page={page} said={problem?.words ?? null} />
      {problem === null
        ? <Readable page={page} model={model} />
        : <Unreadable page={page} model={model} {...problem} />}
    </div>
  );
}

function Readable({ page, model }: { readonly page: Page; readonly model: LogModel }) {
  return (
    <>
      <SearchFields model={model} />
      <Entries page={page} model={model} />
      <TrashFold model={model} />
      <EntryDialog page={page} model={model} />
    </>
  );
}

/** What stands in place of the list where it could not be read; a server without a log says so above. */
function Unreadable(
  { page, model, words, elsewhere }: { readonly page: Page; readonly model: LogModel } & ListProblem,
) {
  if (page.session.welcome.value?.log === "none") return null;
  if (elsewhere) {
    return (
      <p class="muted small" data-testid="log-elsewhere">
        What is written down can be read on the server's own machine alone: open the address there that the
        server printed.
      </p>
    );
  }
  return (
    <>
      <p role="alert" data-testid="log-problem">{words}</p>
      <button type="button" class="button log-retry" data-testid="log-retry" onClick={() => model.retry()}>
        <RotateCw aria-hidden="true" /> Try again
      </button>
    </>
  );
}

function SearchFields({ model }: { readonly model: LogModel }) {
  const { label, day } = model.search.value;
  return (
    <div class="log-search" role="search">
      <input
        type="search"
        aria-label="Find a class"
        placeholder="Find a class…"
        data-testid="log-find"
        value={label}
        onInput={(event) => model.find({ label: event.currentTarget.value })}
      />
      <input
        type="date"
        aria-label="On this day"
        value={day}
        onInput={(event) => model.find({ day: event.currentTarget.value })}
      />
    </div>
  );
}

function Entries({ page, model }: { readonly page: Page; readonly model: LogModel }) {
  const { entries, total, next, loading } = model.list.value;
  const search = model.search.value;
  const searching = search.label.trim() !== "" || search.day !== "";
  if (entries.length === 0) {
    if (loading) return <p class="muted" role="status">Loading…</p>;
    return (
      <p class="muted" data-testid="log-empty">
        {searching
          ? "Nothing of this kind was written down."
          : `Nothing is written down yet. ${firstStep(page)}`}
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
        {entries.map((entry) => <Line key={entry.id} page={page} model={model} entry={entry} />)}
      </ol>
      <div class="log-foot">
        {next !== null && (
          <button
            type="button"
            class="button"
            disabled={loading}
            onClick={() => model.more()}
          >
            Show more
          </button>
        )}
        <button type="button" class="button" data-testid="log-remove-all" onClick={() => model.removeAll()}>
          <Trash2 aria-hidden="true" />
          {searching ? "Delete what was found" : "Delete all"}
        </button>
      </div>
    </>
  );
}

/** What has to be done so that something is written down. */
function firstStep(page: Page): string {
  if (!page.session.logging.value) return "Turn it on, and point the camera at something.";
  return page.source.frozen.value
    ? "The picture is frozen: let it go on, and point the camera at something."
    : "Point the camera at something, and hold it there for a moment.";
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

function Line(
  { page, model, entry }: { readonly page: Page; readonly model: LogModel; readonly entry: Entry },
) {
  const label = labelOf(page, entry);
  return (
    <li class="log-entry" data-testid="log-entry">
      <button
        type="button"
        class="log-open"
        title={`${entry.classIndex}: ${entry.label}`}
        aria-label={`Open ${label}, ${timeWords(entry)}`}
        data-testid="log-open"
        onClick={() => model.opened.value = entry}
      >
        <EntryPicture page={page} entry={entry} sidePx={THUMBNAIL_PX} class="log-thumbnail" words="" />
        <span class="log-words">
          <strong>{label}</strong>
          <span class="muted small">
            {timeWords(entry)} · {percent(entry.mean)} on average, up to {percent(entry.peak)}
          </span>
          <span class="muted small">
            {methodName(page, entry)} · {entry.frames} frames · {entry.modelId}
          </span>
        </span>
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Delete ${label}`}
        title="Delete this entry"
        data-testid="log-remove"
        onClick={() => model.remove(entry)}
      >
        <Trash2 aria-hidden="true" />
      </button>
    </li>
  );
}
