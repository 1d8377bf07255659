/** The text of --help, from the table of flags. */
import { METHODS } from "../methods/mod.ts";
import { COMMON_FLAGS, type Flag, flagOf } from "./_flags.ts";

/** Width of the column with the flags, in characters. */
const FLAG_COLUMN = 34;

/** Says everything that the command takes. */
export function helpText(): string {
  const methods = METHODS.filter(({ options }) => options.length > 0).map(({ id, options }) =>
    [`Options of ${id}:`, ...options.map((spec) => line(flagOf(spec)))].join("\n")
  );
  return [
    "Explains what an image classifier sees: its predictions, and where in the picture the evidence lies.",
    "",
    "  deno task explain IMAGE… [flags]",
    "",
    "IMAGE is a JPEG or PNG file. It is cropped to its middle square and resized to the model's input;",
    "one that already has the input's size is taken pixel for pixel.",
    "",
    ...COMMON_FLAGS.map(line),
    "",
    methods.join("\n\n"),
    "",
    "For several images --map and --png put each image's name into the file's: --png out.png cat.jpg dog.jpg",
    "writes out-cat.png and out-dog.png.",
    "",
    "Exit codes: 0 done, 1 a fault of the program, 2 something asked for cannot be done as asked.",
    "",
  ].join("\n");
}

function line({ name, value, help }: Flag): string {
  return `  --${value === null ? name : `${name} ${value}`}`.padEnd(FLAG_COLUMN) + ` ${help}`;
}
