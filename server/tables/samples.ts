/** The tables that ship (their licences: `samples/LICENCES.md`). */
import type { TableSample } from "../../shared/table_wire.ts";

const FOLDER = new URL("samples/", import.meta.url);
const UCI = "UCI Machine Learning Repository";

/** All of them, in the order in which people see them. */
export const SAMPLES: readonly TableSample[] = [
  {
    id: "breast-cancer",
    name: "Breast Cancer Wisconsin",
    rows: 569,
    columns: 31,
    target: "diagnosis",
    words: "Malignant or benign, by 30 measures of the cell nuclei in a needle aspirate.",
    source: `W. Wolberg, O. Mangasarian, N. Street and W. Street (1993), ${UCI}, doi.org/10.24432/C5DW2B`,
    licence: "CC BY 4.0",
  },
  {
    id: "iris",
    name: "Iris",
    rows: 150,
    columns: 5,
    target: "species",
    words: "Three species of iris, by the lengths and widths of sepals and petals.",
    source: `R. A. Fisher (1936), ${UCI}, doi.org/10.24432/C56C76`,
    licence: "CC BY 4.0",
  },
  {
    id: "wine",
    name: "Wine",
    rows: 178,
    columns: 14,
    target: "cultivar",
    words: "Three cultivars of one region, by a chemical analysis of their wines.",
    source: `S. Aeberhard and M. Forina (1992), ${UCI}, doi.org/10.24432/C5PC7J`,
    licence: "CC BY 4.0",
  },
];

/** The sample of an id, or null. */
export function sampleOf(id: string): TableSample | null {
  return SAMPLES.find((sample) => sample.id === id) ?? null;
}

/** Reads a sample's file. */
export function readSample({ id }: TableSample): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`${id}.csv`, FOLDER));
}
