/** The timeline as a table, for those who do not see the drawing. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { bandsOf } from "./bands.ts";
import type { TimelineModel } from "./model.ts";
import { type BandWords, bandWords } from "./words.ts";

/** How often the table follows, in ms: nobody can read a table that changes all the time. */
const STEP_MS = 2_000;

/** Which class was first when, newest first. */
export function BandTable({ model }: { readonly model: TimelineModel }) {
  const rows = useSignal<readonly BandWords[]>([]);
  /** How much is remembered, for whoever measures the page. */
  const facts = useSignal({ moments: 0, bytes: 0 });
  useEffect(() => {
    const read = () => {
      rows.value = bandWords(bandsOf(model.moments), model.nowMs);
      facts.value = { moments: model.moments.length, bytes: model.bytes };
    };
    read();
    const timer = setInterval(read, STEP_MS);
    return () => clearInterval(timer);
  }, [model]);
  return (
    <div class="visually-hidden">
      <table
        data-testid="timeline-table"
        data-moments={facts.value.moments}
        data-bytes={facts.value.bytes}
      >
        <caption>First classes of the last two minutes, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Began</th>
            <th scope="col">For</th>
            <th scope="col">At most</th>
          </tr>
        </thead>
        <tbody>
          {rows.value.map(({ name, began, length, peak }, place) => (
            <tr key={place}>
              <th scope="row">{name}</th>
              <td>{began}</td>
              <td>{length}</td>
              <td>{peak}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
