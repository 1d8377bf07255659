/** How long an address of a file is kept after it was handed to the browser, in ms. */
const KEPT_MS = 1_000;

/** Hands a file to the browser as a download. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser has the address as soon as the click is handled.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
