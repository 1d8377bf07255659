/** What a drawn tree says in words: questions, answers, and what its boxes are called. Pure. */
import { featureName, type HeadBase, type TreeNode } from "../../shared/head_model.ts";
import type { TreePath, TreeStep } from "../../shared/head_explanation.ts";
import { againstThreshold, columnValue, count } from "./numbers.ts";
import { rowsOf } from "./shown_tree.ts";

/** The question of a node. */
export interface Question {
  /** What is asked about, such as a column. */
  readonly subject: string;
  /** What is asked of it: "≤ 880.8". */
  readonly test: string;
  /** The side that rows take for which it holds. */
  readonly yes: "left" | "right";
}

/** Makes the question of a node from its feature and threshold. */
export type Ask = (feature: number, threshold: number) => Question;

/** What the tree was fitted on, in words: one and several. */
export interface Unit {
  readonly one: string;
  readonly many: string;
}

/** Rows of a table. */
export const ROWS: Unit = { one: "row", many: "rows" };

/** Pictures of a taught model. */
export const PICTURES: Unit = { one: "picture", many: "pictures" };

/** What a tree is drawn of, beside its nodes. */
export interface TreeNames {
  /** By their places in `counts`. */
  readonly classes: readonly string[];
  readonly ask: Ask;
  readonly unit: Unit;
}

/** The usual question: whether a feature is at most the threshold; yes leads left. */
export function askNames(head: Pick<HeadBase, "features">, nameless = "feature"): Ask {
  return (feature, threshold) => ({
    subject: head.features[feature] === undefined ? `${nameless} ${feature}` : featureName(head, feature),
    test: `≤ ${columnValue(threshold)}`,
    yes: "left",
  });
}

/** Writes a count with its word: "1 row", "569 rows". */
export function counted(value: number, { one, many }: Unit): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** What most rows of a node are. */
export interface Majority {
  /** Place in the classes. */
  readonly place: number;
  readonly name: string;
  /** Rows of it, and of all classes. */
  readonly rows: number;
  readonly all: number;
  /** 0…1; 0 of a node without rows. */
  readonly share: number;
  /** 0: as mixed as can be, 1: rows of one class alone. */
  readonly purity: number;
}

/** Finds the class that most rows of a node belong to; of equal ones the first. */
export function majorityOf(node: TreeNode, classes: readonly string[]): Majority {
  const all = rowsOf(node);
  const rows = Math.max(0, ...node.counts);
  const place = Math.max(0, node.counts.indexOf(rows));
  const part = all === 0 ? 0 : rows / all;
  const even = 1 / Math.max(2, classes.length);
  return {
    ...{ place, rows, all, share: part, name: classes[place] ?? `class ${place}` },
    purity: Math.max(0, (part - even) / (1 - even)),
  };
}

/** The answer that leads to one side. */
export function answerOf(question: Question, side: "left" | "right"): "yes" | "no" {
  return question.yes === side ? "yes" : "no";
}

/** Places of the nodes that a row passes, from the root to its leaf; empty without a path. */
export function placesOf(path: TreePath | null): readonly number[] {
  return path === null ? [] : [...path.steps.map(({ node }) => node), path.leaf];
}

/** One step of a row through the tree, in words. */
export interface StepWords {
  readonly subject: string;
  /** The row's value, and what is asked of it: "17.99", "≤ 16.8". */
  readonly value: string;
  readonly test: string;
  readonly answer: "yes" | "no";
}

/** Says a step of a row; `valueOf` writes values that are no numbers, or returns null. */
export function stepWords(step: TreeStep, ask: Ask, valueOf: (step: TreeStep) => string | null): StepWords {
  const question = ask(step.feature, step.threshold);
  const [value, threshold] = againstThreshold(step.value, step.threshold);
  const own = valueOf(step);
  return {
    subject: question.subject,
    value: own ?? value,
    // The same digits as the value has, so that both can be compared.
    test: own === null ? question.test.replace(columnValue(step.threshold), threshold) : question.test,
    answer: answerOf(question, step.side),
  };
}
