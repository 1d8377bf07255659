import { Fact, Facts } from "../../ui/facts.tsx";
import { percent } from "../../ui/format.ts";
import type { LogEntry } from "./api.ts";
import { type EntryNames, methodName, modelWords, timeWords } from "./entry_words.ts";

/** Letters of a hash that are shown: enough to tell models apart. */
const HASH_LETTERS = 12;

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
      <Fact name="Model">{modelWords(entry)}</Fact>
      {entry.modelHash !== "" && (
        <Fact name="SHA-256">
          <span title={entry.modelHash}>{entry.modelHash.slice(0, HASH_LETTERS)}…</span>
        </Fact>
      )}
    </Facts>
  );
}
