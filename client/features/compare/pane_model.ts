/** The model of a pane: that of the main pane, or one of its own, with what can be chosen of it. */
import type { ReadonlySignal } from "@preact/signals";
import { aspectOf } from "../../../shared/aspect.ts";
import { type Cover, sameCover } from "../../../shared/cover.ts";
import type { ListedModel, MethodInfo, Prediction, Welcome } from "../../../shared/protocol.ts";
import { isUnsure } from "../../../shared/unsure.ts";
import type { BoardState } from "../../live/board.ts";
import type { ModelFacts } from "../../live/served_models.ts";
import type { NameOf } from "../../view/labels.ts";
import type { PaneContent } from "../../view/pane_content.ts";

/** What the panes' models are known by. */
export interface ModelScene {
  /** What the server says of the main pane's model. */
  readonly welcome: ReadonlySignal<Welcome | null>;
  /** The main pane's predictions of now. */
  readonly board: ReadonlySignal<BoardState>;
  /** What the main pane hides from the network, or null. */
  readonly cover: ReadonlySignal<Cover | null>;
  /** All models of the server. */
  readonly models: ReadonlySignal<readonly ListedModel[]>;
  /** What can be done with a model; reads a signal. */
  readonly factsOf: (id: string) => ModelFacts | undefined;
  /** Names the classes of a model, or of the main pane's. */
  readonly nameOfModel: (id: string | undefined) => NameOf;
}

/** A pane's model. */
export interface PaneModel {
  readonly name: string;
  readonly methods: readonly MethodInfo[];
  readonly layers: Welcome["layers"];
  /** What its methods' maps have in common; null before the server has named them. */
  readonly facts: ModelFacts | Welcome | null;
  /** What it says of the picture of now, best first, and whether its first class is no more than a guess. */
  readonly ranking: { readonly rows: readonly Prediction[]; readonly unsure: boolean };
  readonly nameOf: NameOf;
  /** Width over height of what it sees of a picture. */
  readonly aspect: number;
  /** Whether it is another one than the main pane's. */
  readonly isOther: boolean;
}

/** The model of a pane; `own`: what a model of its own says of the picture, as far as it has said anything. */
export function paneModel(
  content: PaneContent | null,
  { welcome, board, cover, models, factsOf, nameOfModel }: ModelScene,
  own: readonly Prediction[],
): PaneModel {
  const main = welcome.value;
  const id = content?.kind === "map" ? content.model : undefined;
  const isOther = id !== undefined && id !== main?.model.id;
  const hidesOther = content?.kind === "map" && content.cover !== undefined &&
    !sameCover(content.cover, cover.value);
  // Until the server has named its methods, those of the main pane stand for them.
  const facts = (isOther ? factsOf(id) : undefined) ?? main;
  return {
    name: isOther ? models.value.find((one) => one.id === id)?.name ?? id : main?.model.name ?? "",
    facts,
    methods: facts?.methods ?? [],
    layers: facts?.layers ?? [],
    ranking: isOther || hidesOther
      ? { rows: own, unsure: isUnsure(own[0]?.probability ?? 1, facts?.model ?? { classes: own.length }) }
      : board.value.ranking,
    nameOf: nameOfModel(id),
    aspect: facts === null ? 1 : aspectOf(facts.model),
    isOther,
  };
}
