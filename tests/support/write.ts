/** Writes all of the text to standard output before anybody else writes: who sums closing lines finds them whole. */
export function write(text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}
