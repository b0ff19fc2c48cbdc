import { parseTargets, type Target } from "./target.ts";

/**
 * The targets that an alias stands for.
 *
 * @throws TypeError for a name that means something else already or is no word, and for what is no target.
 */
export function readAlias(name: string, text: string, platforms: { has(id: string): boolean }): readonly Target[] {
  const fault = aliasFault(name, text, platforms);
  if (fault !== undefined) throw new TypeError(`delivery.aliases.${name}: ${fault}`);
  return parseTargets(text);
}

/** What is wrong with an alias, in full sentences; undefined where nothing is. Whether its platforms are there is asked when it is used. */
export function aliasFault(name: string, text: string, platforms: { has(id: string): boolean }): string | undefined {
  const word = name.toLowerCase();
  if (word === "" || /[\s:,\\]/u.test(word)) return "An alias is one word, without colons and commas. Choose another name.";
  if (word === "all" || word === "origin" || platforms.has(word))
    return `\`${name}\` means something else already. Choose another name.`;
  try {
    parseTargets(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
