/** Writes shared/colour_tables.ts from d3-scale-chromatic: `deno run --allow-write=shared tests/reference/colour_tables.ts`. */
import { tablesOfD3 } from "./d3_tables.ts";

const lines = Object.entries(tablesOfD3()).map(([name, table]) => {
  const text = btoa(String.fromCharCode(...table));
  return `  ${name}: "${text}",`;
});
await Deno.writeTextFile(
  "shared/colour_tables.ts",
  `/** Red, green, blue of 256 entries each in base64, written by tests/reference/colour_tables.ts from d3-scale-chromatic (ISC). */\nexport const COLOUR_TABLES = {\n${lines.join("\n")}\n} as const;\n`,
);
