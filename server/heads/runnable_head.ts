/** Heads as they are fitted, handed from thread to thread and asked: what is large of them as numbers. */
import type { ForestHead, HeadModel } from "../../shared/head_model.ts";
import { type FlatForest, flatForest, plainForest } from "./flat_forest.ts";

/** A head whose forest is numbers. */
export type RunnableHead = Exclude<HeadModel, ForestHead> | FlatForest;

/** A head in either form. */
export type AnyHead = HeadModel | FlatForest;

/** The head in the form in which it is quick to hand over and to ask. */
export function runnable(head: AnyHead): RunnableHead {
  return head.kind === "forest" && "trees" in head ? flatForest(head) : head;
}

/** The head as plain data, for files, wire and page; of a forest `mostTrees` trees. */
export function plain(head: AnyHead, mostTrees = Infinity): HeadModel {
  return head.kind === "forest" && "numbers" in head ? plainForest(head, mostTrees) : head;
}
