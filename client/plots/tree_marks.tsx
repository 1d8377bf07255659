import { hue } from "../../shared/class_colours.ts";
import { isSplit } from "./shown_tree.ts";
import { BOX, INSET, type TreeBox, type TreeLine } from "./tree_layout.ts";
import { MOST_TINT } from "./tree_svg.ts";
import type { TreeView } from "./tree_view.ts";

/** Lines and boxes of a drawn tree. */
export function TreeMarks({ view }: { readonly view: TreeView }) {
  const { boxes, lines } = view.layout.value;
  const lit = view.lit.value;
  const focused = view.focused.value;
  const shades = lit.size > 0;
  return (
    <>
      {lines.map((line) => (
        <Line key={line.to} line={line} state={stateOf(shades, lit.has(line.from) && lit.has(line.to))} />
      ))}
      {boxes.map((box) => (
        <Box
          key={box.shown.index}
          box={box}
          state={stateOf(shades, lit.has(box.shown.index))}
          reached={focused === box.shown.index}
          onPress={() => {
            view.focus(box.shown.index);
            view.toggle(box.shown.index);
          }}
        />
      ))}
    </>
  );
}

/** Whether a row passes here, another row passes elsewhere, or none is shown. */
type Light = "lit" | "shade" | "plain";

function stateOf(shades: boolean, isLit: boolean): Light {
  return isLit ? "lit" : shades ? "shade" : "plain";
}

function Line({ line, state }: { readonly line: TreeLine; readonly state: Light }) {
  const { path, width, answer, answerX, answerY } = line;
  return (
    <g class="tree-line" data-light={state} aria-hidden="true">
      <path d={path} stroke-width={width} />
      <rect x={answerX - 16} y={answerY - 10} width={32} height={20} rx={10} />
      <text x={answerX} y={answerY + 4} text-anchor="middle">{answer}</text>
    </g>
  );
}

interface BoxProps {
  readonly box: TreeBox;
  readonly state: Light;
  /** Whether the tabulator key reaches it. */
  readonly reached: boolean;
  readonly onPress: () => void;
}

function Box({ box, state, reached, onPress }: BoxProps) {
  const { shown: { index, node, depth, children, hidden }, majority } = box;
  const splits = isSplit(node);
  return (
    <g
      class="tree-box"
      role="treeitem"
      aria-level={depth + 1}
      aria-label={state === "lit" ? `${box.name}. On the path` : box.name}
      // In lower case: names of attributes of SVG are taken as they are.
      tabindex={reached ? 0 : -1}
      data-index={index}
      data-light={state}
      data-splits={splits}
      transform={`translate(${box.x} ${box.y})`}
      style={{ ...hue(majority.place), "--tint": `${100 * MOST_TINT * majority.purity}%` }}
      onClick={onPress}
      {...(splits ? { "aria-expanded": children.length > 0 } : {})}
    >
      {box.title !== box.fullTitle && <title>{box.fullTitle}</title>}
      <rect class="tree-card" width={BOX.width} height={BOX.height} rx={10} />
      <text class="tree-title" x={INSET} y={23}>{box.title}</text> <text x={INSET} y={43}>{box.detail}</text>
      {" "}
      <text class="tree-rows" x={BOX.width - INSET} y={43} text-anchor="end">{box.rows}</text>{" "}
      {box.parts.map(({ place, x, width }) => (
        <rect key={place} class="tree-part" x={x} y={55} width={width} height={9} style={hue(place)} />
      ))}
      {splits && <Knob hidden={hidden} />}
    </g>
  );
}

/** Opens and closes what lies below a box. */
function Knob({ hidden }: { readonly hidden: number }) {
  const words = `+ ${hidden}`;
  const width = hidden === 0 ? 24 : 22 + 8 * words.length;
  return (
    <g class="tree-knob" aria-hidden="true" transform={`translate(${BOX.width / 2} ${BOX.height})`}>
      <rect x={-width / 2} y={-11} width={width} height={22} rx={11} />
      {hidden === 0 ? <path d="M-5 0H5" /> : <text y={5} text-anchor="middle">{words}</text>}
    </g>
  );
}
