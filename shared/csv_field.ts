/** Fields of CSV files that leave the server (RFC 4180). */

/** A spreadsheet takes a field that begins with one of these for a formula; the apostrophe keeps it a text. */
const FORMULA = /^[=+\-@\t\r]/;

/** A field as it is written: quoted where it has to be, and no formula; numbers stay numbers. */
export function csvField(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
