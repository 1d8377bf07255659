/** What a person reads in the terminal. */
import { shortLabel } from "../../shared/labels.ts";
import { areIndependent, INDEPENDENT_WORDS } from "../../shared/independent.ts";
import { clarityWords } from "../../shared/clear_place.ts";
import { printable } from "../../shared/printable.ts";
import type { ModelInfo, Prediction } from "../../shared/protocol.ts";
import { knowsWords, unsureWords } from "../../shared/unsure.ts";
import { type ExplainedMap, type Explanation, extent, whySentence } from "../explain/mod.ts";
import {
  explainedName,
  formatShare,
  formatTime,
  formatValue,
  isEmpty,
  madeOf,
  missed,
  scaleOf,
  sentence,
} from "../report/mod.ts";
import { tableOf } from "./_table.ts";
import { textMap } from "./_text_map.ts";
import { trustText } from "./_trust_text.ts";

/** Widths of the columns, in characters. */
const LABEL_WIDTH = 32;
const BAR_WIDTH = 20;

/** Parts of a block, in eighths. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Writes one picture's explanation: predictions, then the map and its figures, or a table of several maps. */
export function summaryOf({ image, model, predictions, unsure, maps }: Explanation, colour: boolean): string {
  const explained = new Map(maps.map(({ target }) => [target.index, target]));
  const further = [...explained.values()].filter(({ index }) =>
    !predictions.some((one) => one.index === index)
  );
  const [only] = maps;
  return [
    strong(printable(`${image} · ${model.name}, ${model.width}×${model.height} px`), colour),
    "",
    ...(unsure ? unsureLines(predictions, model) : []).map(printable),
    ...[...predictions, ...further].map((each) => line(each, explained.has(each.index))),
    ...(areIndependent(model) ? [INDEPENDENT_WORDS] : []),
    "",
    ...(maps.length === 1 && only !== undefined ? oneMap(only, colour) : manyMaps(maps).map(printable)),
    ...whyText(maps, model, unsure).map(printable),
    ...trustText(maps).map(printable),
    "",
  ].join("\n");
}

/** Said first where the first prediction is no more than a guess. */
function unsureLines([first]: readonly Prediction[], { knows, tries }: ModelInfo): string[] {
  if (first === undefined) return [];
  const hint = knowsWords({ knows, tries });
  return [unsureWords(shortLabel(first.label), formatShare(first.probability)), hint, ""];
}

/** What each map rests on, where it was asked for. */
function whyText(maps: readonly ExplainedMap[], model: ModelInfo, unsure: boolean): string[] {
  const lines = maps.flatMap((explained) => {
    if (explained.reason === null) return [];
    const words = whySentence(explained, explained.reason, { model, unsure });
    return [maps.length === 1 ? words : `${explained.method.id}: ${words}`];
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

function oneMap(explained: ExplainedMap, colour: boolean): string[] {
  const { method, target, map, subject, elapsedMs } = explained;
  const whose = explainedName(explained);
  const scale = scaleOf([explained]);
  const name = shortLabel(target.label);
  const where = map.layer === null ? "" : ` at ${map.layer}`;
  const words = [
    `${method.name}${whose === null ? "" : ` of ${whose}`}${where}: ${map.height}×${map.width} cells, ${
      formatTime(elapsedMs)
    }`,
    ...madeOf(explained).map((words) => `Made of ${words}.`),
    ...missed(explained).map((words) => `It ${words}.`),
    ...(subject === "picture" ? [] : ["It makes a picture of its own: --png writes it."]),
    ...silence(explained),
    ...(isEmpty(explained) ? [`No evidence for ${name}.`] : clearness(explained)),
  ];
  const drawn = subject === "picture" && !isEmpty(explained) ? [textMap(map, scale, colour)] : [];
  return [...words.map(printable), ...drawn];
}

/** Why the map singles out no place, if that is so. */
function clearness({ clarity }: ExplainedMap): string[] {
  return clarity === "clear" ? [] : [sentence(clarityWords(clarity))];
}

/** Said of a feature visualisation of what never answered. */
function silence({ map }: ExplainedMap): string[] {
  return map.silent === true ? ["Nothing was found that activates it: try another --seed."] : [];
}

function manyMaps(maps: readonly ExplainedMap[]): string[] {
  const rows = maps.map((explained) => {
    const { method, map, elapsedMs } = explained;
    const { min, max } = extent(map.values);
    return [
      method.id,
      explainedName(explained) ?? "–",
      map.layer ?? "–",
      `${map.height}×${map.width}`,
      formatValue(min),
      formatValue(max),
      scaleOf([explained]).unit,
      formatTime(elapsedMs),
    ];
  });
  const table = tableOf([["Method", "Class", "Layer", "Cells", "least", "most", "unit", "time"], ...rows], 3);
  const notes = maps.flatMap((explained) =>
    [...silence(explained), ...(isEmpty(explained) ? [] : clearness(explained))].map((words) =>
      `${explained.method.id} of ${shortLabel(explained.target.label)}: ${words}`
    )
  );
  return [...table, ...notes];
}

function line({ index, label, probability, logit }: Prediction, explained: boolean): string {
  const percent = formatShare(probability).padStart(8);
  return `${explained ? "▸" : " "} ${fitted(label)} ${percent}  ${bar(probability)} ${
    logit.toFixed(2).replace("-", "−").padStart(7)
  }  (${index})`;
}

function fitted(label: string): string {
  const text = printable(label);
  return (text.length > LABEL_WIDTH ? `${text.slice(0, LABEL_WIDTH - 1)}…` : text).padEnd(LABEL_WIDTH);
}

function bar(share: number): string {
  const eighths = Math.round(share * BAR_WIDTH * 8);
  return ("█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "")).padEnd(BAR_WIDTH);
}

function strong(text: string, colour: boolean): string {
  return colour ? `\x1b[1m${text}\x1b[0m` : text;
}
