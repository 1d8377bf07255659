/** Shows the page in the machine's browser. */

const OPENERS: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  linux: "xdg-open",
  darwin: "open",
  windows: "explorer",
};

/** Opens `url`; a machine without a browser is no failure, as the URL was printed. */
export async function openPage(url: string): Promise<void> {
  const program = OPENERS[Deno.build.os];
  if (program === undefined) return;
  try {
    await new Deno.Command(program, { args: [url], stdin: "null", stdout: "null", stderr: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
