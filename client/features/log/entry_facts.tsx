import { Fact, Facts } from "../../ui/facts.tsx";
import { percent } from "../../ui/format.ts";
import type { LogEntry } from "./api.ts";
import { type EntryNames, methodName, timeWords } from "./entry_words.ts";

/** All that is known of an entry. */
export function EntryFacts({ entry, names }: { readonly entry: LogEntry; readonly names: EntryNames }) {
  return (
    <Facts>
      <Fact name="Seen">{timeWords(entry)}, in {entry.frames} frames</Fact>
      <Fact name="Probability">
        {percent(entry.mean)} on average, up to {percent(entry.peak)}
      </Fact>
      <Fact name="Class">{entry.label} ({entry.classIndex})</Fact>
      <Fact name="Heatmap">{entry.map === null ? "none" : methodName(entry, names)}</Fact>
      <Fact name="Model">
        <span title={`Hash ${entry.modelHash}`}>{entry.modelId}</span>
      </Fact>
    </Facts>
  );
}
