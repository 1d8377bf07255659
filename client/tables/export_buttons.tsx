import { FileJson, FileText } from "lucide-preact";
import { reportUrl } from "./api.ts";
import type { TablesModel } from "./model.ts";

/** Everything that was fitted as a page of its own, and as JSON; the server makes both. */
export function ExportButtons({ model }: { readonly model: TablesModel }) {
  const { table: { value: table }, fit: { value: fit } } = model;
  if (table === null || fit.phase === "running") return null;
  return (
    <div class="tables-exports">
      <a
        class="button"
        data-testid="report"
        href={reportUrl(table.id, "html")}
        target="_blank"
        rel="noopener"
        title="Every model with its drawings, as one page to keep or print; opens beside this one"
      >
        <FileText aria-hidden="true" /> Report
      </a>
      <a
        class="button"
        data-testid="save-json"
        href={reportUrl(table.id, "json")}
        download={`${table.name}.json`}
        title="Every model with its numbers, as JSON"
      >
        <FileJson aria-hidden="true" /> JSON
      </a>
    </div>
  );
}
