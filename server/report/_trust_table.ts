/** The trust meters of all methods in one table. */
import type { ExplainedMap } from "../explain/mod.ts";
import { type Html, html } from "./_html.ts";
import { isBlindToClass } from "../../shared/trust.ts";
import { verdictTitle } from "../../shared/trust_words.ts";
import { type MethodTrust, trustByMethod } from "./trust_words.ts";
import { counted, formatShare, formatValue } from "./words.ts";

/** Writes the table, or nothing where no meters were asked for; `model`: whose they are, where there are several. */
export function trustTable(
  maps: readonly Pick<ExplainedMap, "method" | "trust">[],
  model: { readonly name: string; readonly number: number } | null = null,
): Html | null {
  const methods = trustByMethod(maps);
  if (methods.length === 0) return null;
  const lines = methods.map((trust) =>
    html`
      <tr>
        <th scope="row">${trust.name}${isBlindToClass(trust)
          ? html`
            <span class="badge">Does not depend on the class</span>
          `
          : null}</th>
        <td>${verdictsOf(trust)}</td>
        <td>${trust.deletion.toFixed(3)}</td>
        <td>${trust.insertion.toFixed(3)}</td>
        <td>${formatShare(trust.averageDrop)}</td>
        <td>${formatShare(trust.increased)}</td>
        <td>${trust.randomLogits === null ? "–" : formatValue(trust.randomLogits)}</td>
        <td>${trust.completeness === null ? "–" : formatValue(trust.completeness)}</td>
      </tr>
    `
  );
  const most = Math.max(...methods.map((trust) => trust.maps));
  return html`
    <section class="panel" aria-labelledby="trust-${model?.number ?? 1}">
      <h2 id="trust-${model?.number ?? 1}">How far the maps ${model === null
        ? ""
        : `of ${model.name} `}can be trusted</h2>
      <p
        class="soft">Means over ${counted(
          most,
          "map",
        )} of each method. Deletion takes pixels away in falling order of the map, insertion puts them back into a blurred picture; both are areas under the curve of the probability. Drop and rise: what becomes of the probability when only the marked pixels are left. Random logits: rank correlation with the map of a network whose last layer is random; close to 1, the picture does not depend on the class. Completeness: the largest amount by which the map misses the score.</p>
      <div class="wide">
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col">Verdict</th>
              <th scope="col">Deletion <span class="soft">lower is better</span></th>
              <th scope="col">Insertion <span class="soft">higher is better</span></th>
              <th scope="col">Average drop</th>
              <th scope="col">Rises</th>
              <th scope="col">Random logits</th>
              <th scope="col">Completeness <span class="soft">in the score's unit</span></th>
            </tr>
          </thead>
          <tbody>
    ${lines}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

/** "good 2, doubtful 1"; of a single map without the number. */
function verdictsOf({ verdicts, maps }: MethodTrust): string {
  return [...verdicts].map(([kind, count]) =>
    maps === 1 ? verdictTitle({ kind }).toLowerCase() : `${verdictTitle({ kind }).toLowerCase()} ${count}`
  ).join(", ");
}
