/** What stands behind `told` in `whole`, blank space aside; undefined where `whole` does not begin with it. */
export function remainderBehind(told: string, whole: string): string | undefined {
  let at = 0;
  for (const character of told) {
    if (/\s/u.test(character)) continue;
    while (at < whole.length && /\s/u.test(whole.charAt(at))) at += 1;
    if (!whole.startsWith(character, at)) return undefined;
    at += character.length;
  }
  return whole.slice(at);
}

/** Whether all of `text` was told, blank space aside. */
export function isRetold(told: string, text: string): boolean {
  return squeeze(told).includes(squeeze(text));
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/gu, "");
}
