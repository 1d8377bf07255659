/** The heads of a collection side by side. Pure. */
import { HEAD_KINDS, type HeadKind } from "../../../shared/head_model.ts";
import { modelOfHead } from "../../../shared/teach_wire.ts";
import type { MapContent } from "../../view/pane_content.ts";

/** How each head is explained in a pane: what has no gradient is explained by covering parts of the picture. */
const METHODS: Readonly<Record<HeadKind, string>> = {
  linear: "cam",
  "pca-linear": "cam",
  tree: "occlusion",
  forest: "occlusion",
  nearest: "occlusion",
};

/** Panes with all heads but the chosen one, which the main pane shows. */
export function headPanes(collection: string, chosen: HeadKind): readonly MapContent[] {
  return HEAD_KINDS.filter((kind) => kind !== chosen).map((kind) => ({
    kind: "map",
    model: modelOfHead(collection, kind),
    method: METHODS[kind],
    target: { kind: "rank", rank: 1 },
    against: null,
    layer: null,
    options: {},
  }));
}
