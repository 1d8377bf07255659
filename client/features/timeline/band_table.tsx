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
  useEffect(() => {
    const read = () => rows.value = bandWords(bandsOf(model.moments), model.nowMs);
    read();
    const timer = setInterval(read, STEP_MS);
    return () => clearInterval(timer);
  }, [model]);
  return (
    <div class="visually-hidden">
      <table data-testid="timeline-table">
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
