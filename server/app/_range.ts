/** The part of a file that a request asks for. Pure. */

/** What is asked for: all, the bytes from `first` to `last`, or nothing that there is. */
export type Range =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly first: number; readonly last: number }
  | { readonly kind: "beyond" };

/** Reads the header `Range`; several ranges and what is none are answered with the whole file, as HTTP allows. */
export function readRange(header: string | undefined, size: number): Range {
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? "") ?? [];
  if (from === "" && to === "") return { kind: "whole" };
  if (from === "") {
    const length = Math.min(size, Number(to));
    return length === 0 ? { kind: "beyond" } : { kind: "part", first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(size - 1, Number(to));
  if (to !== "" && Number(to) < first) return { kind: "whole" };
  return first >= size ? { kind: "beyond" } : { kind: "part", first, last };
}
