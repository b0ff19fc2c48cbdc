import { TargetError } from "./target-error.ts";

/** Where something is to be said, as it is written. */
export type Target =
  /** The chat that the request came from. */
  | { readonly kind: "origin" }
  /** The home channel of every platform that has one. */
  | { readonly kind: "all" }
  /** A platform's home channel, or an alias; in small letters. */
  | { readonly kind: "word"; readonly word: string }
  /** What stands behind the platform is the platform's own: `42`, `-100200:7`, `!room:server`. */
  | { readonly kind: "place"; readonly platform: string; readonly place: string }
  /** A chat by its name. */
  | { readonly kind: "name"; readonly platform: string; readonly name: string };

/**
 * The targets in a text: `origin`, `all`, `<platform>`, `<platform>:<chat>[:<thread>]`, `<platform>:#<name>`, an alias, or several of them
 * with commas between. Platforms may be written in any case. `\,` is a comma that stands in a name, `\\` a backslash.
 *
 * @throws TargetError of code `malformed`.
 */
export function parseTargets(text: string): readonly Target[] {
  return splitList(text).map((entry) => parseTarget(entry.trim(), text));
}

/** A target as `parseTargets` reads it. */
export function formatTarget(target: Target): string {
  switch (target.kind) {
    case "origin":
    case "all":
      return target.kind;
    case "word":
      return target.word;
    case "place":
      return escapeEntry(`${target.platform}:${target.place}`);
    case "name":
      return escapeEntry(`${target.platform}:#${target.name}`);
  }
}

function parseTarget(entry: string, text: string): Target {
  const colon = entry.indexOf(":");
  const word = (colon === -1 ? entry : entry.slice(0, colon)).trim().toLowerCase();
  const rest = colon === -1 ? undefined : entry.slice(colon + 1).trim();
  if (word === "" || rest === "" || rest === "#") throw malformed(entry, text);
  if (rest === undefined) return word === "origin" || word === "all" ? { kind: word } : { kind: "word", word };
  if (!rest.startsWith("#")) return { kind: "place", platform: word, place: rest };
  const name = rest.slice(1).trim();
  return { kind: "name", platform: word, name };
}

function splitList(text: string): readonly string[] {
  const entries: string[] = [];
  let entry = "";
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const next = text.charAt(at + 1);
    if (letter === "\\" && (next === "," || next === "\\")) {
      entry += next;
      at += 1;
    } else if (letter === ",") {
      entries.push(entry);
      entry = "";
    } else entry += letter;
  }
  return [...entries, entry];
}

function escapeEntry(entry: string): string {
  return entry.replace(/[\\,]/gu, String.raw`\$&`);
}

function malformed(entry: string, text: string): TargetError {
  const where = entry === text.trim() ? "" : ` in ${JSON.stringify(text)}`;
  return new TargetError(
    "malformed",
    `${JSON.stringify(entry)}${where} is no target. Write \`platform\` for its home channel, \`platform:chat\`, \`platform:chat:thread\` or \`platform:#name\`; several with commas between.`,
  );
}
