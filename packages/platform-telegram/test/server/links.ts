/** Which addresses a link may have; in HTML a link with another one is dropped without a word, in `entities` it is refused. */
export function isTakenLink(address: unknown): boolean {
  if (typeof address !== "string") return false;
  if (/^tg:/iu.test(address)) return /^tg:(?:\/\/)?[A-Za-z0-9_-]+(?:[/?].*)?$/iu.test(address);
  const url = /^https?:\/\//iu.test(address) ? URL.parse(address) : null;
  return url !== null && (url.hostname.includes(".") || url.hostname.startsWith("["));
}
