import { FileUp } from "lucide-preact";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import {
  MAX_TABLE_BYTES,
  MAX_TABLE_COLUMNS,
  MAX_TABLE_ROWS,
  type TableSample,
} from "../../shared/table_wire.ts";
import { count } from "../plots/numbers.ts";
import { FileInput } from "../ui/file_input.tsx";
import type { Origin } from "./model.ts";

interface StartCardProps {
  readonly samples: readonly TableSample[];
  /** Name of the table that is being sent; null: none is. */
  readonly opening: string | null;
  readonly onOpen: (origin: Origin) => void;
}

/** Where a table is chosen: a file, or a sample. */
export function StartCard({ samples, opening, onOpen }: StartCardProps) {
  return (
    <section class="card tables-start" aria-labelledby="start-title">
      <h2 id="start-title">Predict one column of a table, and see why</h2>
      <p class="muted">
        Choose a table. Five small models learn to predict one of its columns from the others. Each is checked
        on rows that it has not seen, drawn, and explains any row.
      </p>
      {opening !== null && <p role="status" data-testid="opening">Reading {opening}…</p>}
      {samples.length > 0 && (
        <>
          <h3>Begin with a sample</h3>
          <ul class="tables-samples">
            {samples.map(({ id, name, words, rows, columns, source, licence }) => (
              <li key={id}>
                <button
                  type="button"
                  class="tables-sample"
                  data-testid={`sample-${id}`}
                  disabled={opening !== null}
                  onClick={() => onOpen({ sample: id })}
                >
                  <b>{name}</b>
                  <span>{words}</span>
                  <span class="muted small">{count(rows)} rows, {count(columns)} columns</span>
                </button>
                <p class="muted small">{source}, {licence}</p>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>Or take a table of your own</h3>
      <DropField disabled={opening !== null} onFile={(file) => onOpen({ file })} />
    </section>
  );
}

function DropField(
  { disabled, onFile }: { readonly disabled: boolean; readonly onFile: (file: File) => void },
) {
  const over = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  return (
    <div
      class="tables-drop"
      data-over={over.value}
      data-testid="table-drop"
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => over.value = false}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const file = event.dataTransfer?.files[0];
        if (file !== undefined && !disabled) onFile(file);
      }}
    >
      <button type="button" class="button primary" disabled={disabled} onClick={() => field.current?.click()}>
        <FileUp aria-hidden="true" /> Choose a CSV file…
      </button>
      <p class="muted small">
        Or drop it here. Its first line names the columns. At most {MAX_TABLE_BYTES / 1e6} MB,{" "}
        {count(MAX_TABLE_ROWS)} rows and {MAX_TABLE_COLUMNS}{" "}
        columns. It is sent to this server, kept in its memory for ten minutes after its last use, and written
        nowhere.
      </p>
      <FileInput
        field={field}
        testid="table-file"
        accept=".csv,.tsv,.txt,text/csv"
        onFiles={([file]) => {
          if (file !== undefined) onFile(file);
        }}
      />
    </div>
  );
}
