import { realpathSync, readlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UnreadableCommand } from "./shell-tokens.ts";

/** A command that names more is asked about: looking at all of them would hold everybody up. */
const mostPlaces = 1000;
const mostLinks = 40;

/**
 * Tells where places really are, links followed as far as they are there: a link in a folder leads out of it, whoever put it there. What
 * it leads to need not exist, since whoever writes there makes it.
 *
 * @throws UnreadableCommand where it is asked about too many.
 */
export function realPlaces(): (place: string) => string {
  const known = new Map<string, string>();
  return (place) => {
    const found = known.get(place) ?? realPlace(place, mostLinks);
    known.set(place, found);
    if (known.size > mostPlaces) throw new UnreadableCommand("too many places are named in it");
    return found;
  };
}

function realPlace(place: string, links: number): string {
  const missing: string[] = [];
  for (let at = place; ; at = dirname(at)) {
    const real = orUndefined(() => realpathSync(at));
    if (real !== undefined) return join(real, ...missing);
    const target = orUndefined(() => readlinkSync(at));
    if (target !== undefined && links > 0) return realPlace(join(resolve(dirname(at), target), ...missing), links - 1);
    if (dirname(at) === at) return place;
    missing.unshift(basename(at));
  }
}

/** What is not there, or may not be looked at, counts by its name. */
function orUndefined(look: () => string): string | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
