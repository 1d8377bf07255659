import { Lazy } from "../ui/lazy.tsx";
import type { TablesModel } from "./model.ts";

/** What was fitted, drawn; its code comes with the first result. */
export function Results({ model }: { readonly model: TablesModel }) {
  return (
    <Lazy
      load={async () => (await import("./results.tsx")).ResultsView}
      props={{ model }}
      onFail={() =>
        model.report("The drawings could not be loaded. Check that the server runs, then reload the page.")}
    />
  );
}
