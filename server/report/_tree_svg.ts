/**
 * A decision tree drawn as SVG, from left to right, so that a page shows all of it: leaves below each other, every node in the middle
 * before its children, coloured by class and purity.
 */
import { featureName, type HeadBase, type Tree } from "../../shared/head_model.ts";
import { Html, html } from "./_html.ts";
import { colourClass } from "./_table_style.ts";

const BOX = { width: 128, height: 50 };
const GAP = { across: 34, down: 10 };

/** Nodes that are drawn at most: of a larger tree its lowest levels are left out. */
const MAX_DRAWN = 250;

/** Longest name in a node, in characters. */
const NAME_CHARS = 21;

interface Placed {
  readonly place: number;
  /** Middle of the box, from the top. */
  readonly y: number;
  readonly level: number;
  /** Children that are drawn. */
  readonly children: readonly Placed[];
}

/** The drawing; `lit` are the places of nodes on the path of a row. */
export function treeSvg(tree: Tree, head: HeadBase, lit: ReadonlySet<number>): Html {
  const levels = drawnLevels(tree);
  const { root, leaves } = placed(tree, levels);
  const all = flat(root);
  const width = (Math.max(...all.map(({ level }) => level)) + 1) * (BOX.width + GAP.across) - GAP.across + 4;
  const height = leaves * (BOX.height + GAP.down);
  const hidden = tree.nodes.length - all.length;
  return html`
    <div class="tree" tabindex="0" role="group"
      aria-label="Drawing of the tree; the table below has the same numbers">
      <svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"
        aria-label="Decision tree of ${tree.nodes.length} nodes">
        ${all.flatMap((node) => node.children.map((child, side) => edge(node, child, side, lit)))}
        ${all.map((node) => box(node, tree, head, lit))}
      </svg>
    </div>
    ${hidden > 0
      ? html`<p class="soft">${hidden} nodes further down are not drawn; the table has all of them.</p>`
      : null}
  `;
}

/** The table of all nodes, for those who do not see the drawing. */
export function treeTable(tree: Tree, head: HeadBase): Html {
  return html`
    <details>
      <summary>The tree as a table</summary>
      <div class="wide">
        <table class="numbers">
          <thead>
            <tr><th scope="col">node</th><th scope="col">question</th><th scope="col">yes</th><th scope="col">no</th>${head
              .classes.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">impurity</th></tr>
          </thead>
          <tbody>${tree.nodes.map((node, place) => {
            const leaf = node.feature < 0;
            const question = leaf
              ? "leaf"
              : `${featureName(head, node.feature)} ≤ ${shortNumber(node.threshold)}`;
            return html`<tr><th scope="row">${place}</th><td>${question}</td><td>${
              leaf ? "" : node.left
            }</td><td>${leaf ? "" : node.right}</td>${
              node.counts.map((count) => html`<td>${count}</td>`)
            }<td>${node.impurity.toFixed(3)}</td></tr>`;
          })}</tbody>
        </table>
      </div>
    </details>
  `;
}

/** Numbers with at most four digits that count. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Levels that can be drawn with at most {@link MAX_DRAWN} nodes. */
function drawnLevels({ nodes }: Tree): number {
  const levels = new Int32Array(nodes.length);
  const counts: number[] = [];
  nodes.forEach(({ left, right }, place) => {
    const level = levels[place] ?? 0;
    counts[level] = (counts[level] ?? 0) + 1;
    for (const child of [left, right]) if (child >= 0) levels[child] = level + 1;
  });
  let [drawn, fit] = [0, 0];
  for (const count of counts) {
    drawn += count;
    if (drawn > MAX_DRAWN) break;
    fit++;
  }
  return Math.max(1, fit);
}

function placed({ nodes }: Tree, levels: number): { readonly root: Placed; readonly leaves: number } {
  let leaves = 0;
  const at = (place: number, level: number): Placed => {
    const node = nodes[place];
    const inner = node !== undefined && node.feature >= 0 && level + 1 < levels;
    const children = inner ? [at(node.left, level + 1), at(node.right, level + 1)] : [];
    const [first, last] = [children[0], children.at(-1)];
    const y = first === undefined || last === undefined
      ? leaves++ * (BOX.height + GAP.down) + (BOX.height + GAP.down) / 2
      : (first.y + last.y) / 2;
    return { place, y, level, children };
  };
  return { root: at(0, 0), leaves };
}

function flat(node: Placed): readonly Placed[] {
  return [node, ...node.children.flatMap(flat)];
}

/** Left side of a node's box. */
function leftOf({ level }: Placed): number {
  return level * (BOX.width + GAP.across) + 2;
}

function edge(from: Placed, to: Placed, side: number, lit: ReadonlySet<number>): Html {
  const on = lit.has(from.place) && lit.has(to.place) ? " lit" : "";
  const [x0, x1] = [leftOf(from) + BOX.width, leftOf(to)];
  const middle = (x0 + x1) / 2;
  const path = `M${x0} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${x1} ${to.y}`;
  const word = side === 0 ? "yes" : "no";
  const wordY = to.y + (side === 0 ? -4 : 12);
  return html`
    <path class="edge${on}" d="${path}" />
    <text x="${x1 - 12}" y="${wordY}">${word}</text>
  `;
}

function box(node: Placed, { nodes }: Tree, head: HeadBase, lit: ReadonlySet<number>): Html {
  const { place } = node;
  const found = nodes[place];
  if (found === undefined) return new Html("");
  const { feature, threshold, counts } = found;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const most = counts.indexOf(Math.max(...counts));
  const share = (counts[most] ?? 0) / rows;
  const [left, y] = [leftOf(node), node.y - BOX.height / 2];
  const x = left + BOX.width / 2;
  // An even mixture is pale, a pure node strong; never so strong that the words cannot be read.
  const even = 1 / counts.length;
  const strength = (0.08 + 0.42 * Math.max(0, (share - even) / (1 - even))).toFixed(2);
  const question = feature < 0 ? null : `≤ ${shortNumber(threshold)}`;
  const frame = `x="${left}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"`;
  const name = feature < 0 ? clipped(head.classes[most] ?? "") : clipped(featureName(head, feature));
  return html`<g><title>${
    feature < 0 ? head.classes[most] ?? "" : `${featureName(head, feature)} ≤ ${threshold}`
  }: ${counts.map((count, k) => `${head.classes[k]} ${count}`).join(", ")}</title>${new Html(
    `<rect class="paper" ${frame}/><rect class="${colourClass(most)}" fill-opacity="${strength}" ${frame}/>`,
  )}${new Html(
    `<rect class="node${lit.has(place) ? " lit" : ""}" fill="none" ${frame}/>`,
  )}<text x="${x}" y="${y + 15}">${name}</text><text x="${x}" y="${y + 29}">${
    question ?? `${(share * 100).toFixed(0)} %`
  }</text><text x="${x}" y="${y + 43}">${
    counts.length <= 4 ? counts.join(" · ") : `${rows} rows`
  }</text></g>`;
}

function clipped(name: string): string {
  return name.length <= NAME_CHARS ? name : `${name.slice(0, NAME_CHARS - 1)}…`;
}
