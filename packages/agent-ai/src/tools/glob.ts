/**
 * Whether a name, or one part of a path, fits a pattern: `*` stands for any characters, `?` for one. Takes no longer than pattern times
 * name, whatever the pattern, unlike a regular expression.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  return matchesList(Array.from(pattern), Array.from(name), {
    isAny: (part) => part === "*",
    fits: (part, character) => part === "?" || part === character,
  });
}

/** Whether a path fits a pattern: as in `matchesGlob` part by part, and `**` stands for any number of parts. */
export function matchesPathGlob(pattern: string, path: string): boolean {
  return matchesList(pattern.split("/"), path.split("/"), { isAny: (part) => part === "**", fits: matchesGlob });
}

interface Matching {
  readonly isAny: (pattern: string) => boolean;
  readonly fits: (pattern: string, item: string) => boolean;
}

/** Two fingers: on a dead end it goes back to the last wildcard alone, since that can take whatever earlier ones could. */
function matchesList(pattern: readonly string[], items: readonly string[], { isAny, fits }: Matching): boolean {
  let at = 0;
  let item = 0;
  let wildcardAt = -1;
  let wildcardItem = 0;
  while (item < items.length) {
    const part = pattern[at];
    if (part !== undefined && isAny(part)) {
      wildcardAt = at;
      wildcardItem = item;
      at += 1;
    } else if (part !== undefined && fits(part, items[item] ?? "")) {
      at += 1;
      item += 1;
    } else if (wildcardAt >= 0) {
      at = wildcardAt + 1;
      wildcardItem += 1;
      item = wildcardItem;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isAny);
}
