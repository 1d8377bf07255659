/** A network's layers as people read them: stages by spatial size, blocks by name, residual adds as skips. Pure. */
import * as v from "valibot";

/** What `/api/layers` says that the structure is made of. */
export const LayersAnswerSchema = v.object({
  defaultLayer: v.string(),
  layers: v.array(v.object({
    name: v.string(),
    kind: v.string(),
    shape: v.array(v.number()),
    inputs: v.array(v.string()),
    /** Ids of the methods that can look at it. */
    methods: v.array(v.string()),
  })),
});
export type LayersAnswer = v.InferOutput<typeof LayersAnswerSchema>;
export type Layer = LayersAnswer["layers"][number];

/** Layers that follow each other and share the beginning of their names. */
export interface Block {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** Layer outside the block, or earlier in it, that a layer of it adds past those between; null where none does. */
  readonly skip: { readonly from: string; readonly into: string } | null;
}

/** Blocks whose outputs are of one size. */
export interface LayerStage {
  /** Cells along the sides, or null behind the last layer with a spatial layout. */
  readonly size: { readonly height: number; readonly width: number } | null;
  readonly blocks: readonly Block[];
}

/** Sides of a layer with a spatial layout: height, width, channels. */
const SPATIAL_SIDES = 3;

/** Whether a layer has channels that can be looked at. */
export function isSpatial({ shape, methods }: Layer): boolean {
  return shape.length === SPATIAL_SIDES && methods.length > 0;
}

/** Groups layers, which come in topological order. */
export function structureOf(layers: readonly Layer[]): LayerStage[] {
  const groups: Layer[][] = [];
  for (const layer of layers) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && blockName(before) === blockName(layer)) {
      last.push(layer);
    } else groups.push([layer]);
  }
  const stages: { size: LayerStage["size"]; blocks: Block[] }[] = [];
  for (const group of groups) {
    const size = sizeOf(group);
    const block: Block = {
      name: group.length === 1 ? group[0]?.name ?? "" : blockName(group[0]),
      layers: group,
      skip: skipOf(group, layers),
    };
    const last = stages.at(-1);
    if (last !== undefined && sameSize(last.size, size)) last.blocks.push(block);
    else stages.push({ size, blocks: [block] });
  }
  return stages;
}

/** A line of the tree as it is shown. */
export interface TreeRow {
  readonly id: string;
  readonly kind: "stage" | "block" | "layer";
  readonly level: 1 | 2 | 3;
  /** Position among its siblings, 1 or more, and how many there are. */
  readonly position: number;
  readonly siblings: number;
  readonly name: string;
  readonly detail: string;
  /** Null where there is nothing below it. */
  readonly open: boolean | null;
  /** The layer that choosing it chooses; null where none has channels. */
  readonly layer: string | null;
  /** The residual add of a block, or the layer that an add reads past others. */
  readonly skip: string | null;
  /** Which part of the arc past a block's layers is drawn beside this line. */
  readonly arc: Arc | null;
}

/** An arc in one line, or over several from its beginning to the sum. */
export type Arc = "whole" | "begin" | "middle" | "end";

/**
 * The lines of the tree from top to bottom; blocks of one layer are lines of their own. Stages begin open and blocks
 * closed; `toggled` holds the ids of those that are not as they began.
 */
export function rowsOf(stages: readonly LayerStage[], toggled: ReadonlySet<string>): TreeRow[] {
  return stages.flatMap((stage, at) => {
    const { size, blocks } = stage;
    const id = `stage ${at + 1}`;
    const head: TreeRow = {
      id,
      kind: "stage",
      level: 1,
      position: at + 1,
      siblings: stages.length,
      name: size === null ? "No spatial layout" : `${size.height} × ${size.width}`,
      detail: `${blocks.length} ${blocks.length === 1 ? "block" : "blocks"}`,
      open: !toggled.has(id),
      layer: null,
      skip: null,
      arc: null,
    };
    return head.open === true
      ? [head, ...blocks.flatMap((block, index) => blockRows(block, index, blocks.length, toggled))]
      : [head];
  });
}

function blockRows(block: Block, index: number, siblings: number, toggled: ReadonlySet<string>): TreeRow[] {
  const { layers, name, skip } = block;
  const last = layers.findLast(isSpatial);
  const id = `block ${name}`;
  const single = layers.length === 1;
  const isOpen = toggled.has(id);
  const head: TreeRow = {
    id: single ? name : id,
    kind: single ? "layer" : "block",
    level: 2,
    position: index + 1,
    siblings,
    name,
    detail: single ? detailOf(layers[0]) : `${layers.length} layers · ${detailOf(layers.at(-1))}`,
    open: single ? null : isOpen,
    layer: last?.name ?? null,
    skip: skip === null ? null : `adds ${skip.from} past ${single ? "others" : "its layers"}`,
    arc: skip === null || single ? null : isOpen ? "begin" : "whole",
  };
  if (single || !isOpen) return [head];
  const sum = layers.findIndex((layer) => layer.name === skip?.into);
  return [
    head,
    ...layers.map((layer, at): TreeRow => ({
      id: layer.name,
      kind: "layer",
      level: 3,
      position: at + 1,
      siblings: layers.length,
      name: layer.name,
      detail: detailOf(layer),
      open: null,
      layer: isSpatial(layer) ? layer.name : null,
      skip: skip?.into === layer.name ? `adds ${skip.from}` : null,
      arc: at < sum ? "middle" : at === sum ? "end" : null,
    })),
  ];
}

/** Id of the block that must be open for a layer to be seen, or null. */
export function blockOf(stages: readonly LayerStage[], layer: string): string | null {
  const block = stages.flatMap(({ blocks }) => blocks).find(({ layers }) =>
    layers.length > 1 && layers.some(({ name }) => name === layer)
  );
  return block === undefined ? null : `block ${block.name}`;
}

function detailOf(layer: Layer | undefined): string {
  return layer === undefined ? "" : `${layer.shape.join("×")} · ${layer.kind}`;
}

function blockName(layer: Layer | undefined): string {
  return layer?.name.split(/[_./]/)[0] ?? "";
}

function sizeOf(group: readonly Layer[]): LayerStage["size"] {
  const [height = 0, width = 0] = group.at(-1)?.shape ?? [];
  return group.at(-1)?.shape.length === SPATIAL_SIDES ? { height, width } : null;
}

function sameSize(a: LayerStage["size"], b: LayerStage["size"]): boolean {
  return a?.height === b?.height && a?.width === b?.width;
}

/** An input that does not come from the layer just before is read past what lies between. */
function skipOf(group: readonly Layer[], all: readonly Layer[]): Block["skip"] {
  for (const layer of group) {
    if (layer.inputs.length < 2) continue;
    const before = all[all.indexOf(layer) - 1]?.name;
    const from = layer.inputs.find((input) => input !== before);
    if (from !== undefined) return { from, into: layer.name };
  }
  return null;
}
