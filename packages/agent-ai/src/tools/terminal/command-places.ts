import { isAbsolute, join, normalize } from "node:path";
import { matchesGlob } from "../glob.ts";
import { isSensitiveName, sensitiveNames } from "../sensitive-names.ts";
import type { ShellCommand } from "./shell-commands.ts";
import { UnreadableCommand, type ShellWord } from "./shell-tokens.ts";

/** Where a command runs. All are absolute paths. */
export interface Surroundings {
  readonly roots: readonly string[];
  /** The folders it may be in when it names a relative path: where it begins, and where it changes to. */
  readonly folders: readonly string[];
  readonly home: string;
  /** The gateway's own folder: nothing below it is the agent's, unless a root is. */
  readonly gatewayFolder: string;
  /** Where a place really is, links followed. */
  readonly real: (place: string) => string;
}

/** How many folders a command may change between to be judged. */
const mostFolders = 8;

/** Every place that an argument may name, and where it leads: itself, and what stands behind an option's letter, a `=`, a `:`, a `,` or a `@`. */
export function placesIn(text: string, surroundings: Surroundings): readonly string[] {
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(text)) return [];
  const candidates = new Set([text, text.replace(/^-[A-Za-z]/u, ""), ...text.split(/[=:,@]/u)]);
  const places = [...candidates].filter((candidate) => candidate !== "").flatMap((each) => resolveAll(each, surroundings));
  return [...new Set([...places, ...places.map(surroundings.real)])];
}

/** Whether a place is in one of the roots. */
export function isInside(place: string, roots: readonly string[]): boolean {
  return roots.some((root) => place === root || place.startsWith(root.endsWith("/") ? root : `${root}/`));
}

/** Whether a word names what commonly holds secrets, or what is the gateway's. */
export function namesSecrets({ text, hasGlob }: Pick<ShellWord, "text" | "hasGlob">, surroundings: Surroundings): boolean {
  const parts = text.split(/[/=:,@"']+/u);
  if (parts.some((part) => isSensitiveName(part) || isSensitiveName(part.replace(/^-[a-z]/iu, "")))) return true;
  if (hasGlob && parts.some(mayMatchSecret)) return true;
  if (/\/proc\/[^/]+\/(?:environ|mem|maps|fd)\b|\/etc\/(?:g?shadow|sudoers)/u.test(text)) return true;
  return placesIn(text, surroundings).some((place) => {
    const root = surroundings.roots.find((each) => isInside(place, [each]));
    if (root === undefined) return isInside(place, [surroundings.gatewayFolder]);
    // A harmless name may be a link to one that is not.
    return place
      .slice(root.length)
      .split("/")
      .some((part) => isSensitiveName(part));
  });
}

/** The same surroundings with every folder that the commands change to. */
export function followFolders(commands: readonly ShellCommand[], surroundings: Surroundings): Surroundings {
  const folders = new Set(surroundings.folders);
  const changes = commands.filter(({ name }) => name === "cd" || name === "pushd").length;
  if (changes > mostFolders) throw new UnreadableCommand("it changes between too many folders");
  for (const { name, args } of commands) {
    if (name !== "cd" && name !== "pushd") continue;
    const target = args.find(({ text }) => !text.startsWith("-"))?.text ?? "~";
    for (const place of resolveAll(target, { ...surroundings, folders: [...folders] })) {
      folders.add(place);
      folders.add(surroundings.real(place));
    }
  }
  return { ...surroundings, folders: [...folders] };
}

function resolveAll(path: string, { folders, home }: Surroundings): readonly string[] {
  if (path === "~" || path.startsWith("~/")) return [trimmed(join(home, path.slice(1)))];
  if (path.startsWith("~")) return [trimmed(join("/home", path.slice(1)))];
  if (isAbsolute(path)) return [trimmed(normalize(path))];
  return folders.map((folder) => trimmed(join(folder, path)));
}

function trimmed(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Whether a part of a path with wildcards could stand for a secret's name. `*` and `*.ext` alone do not count: they name no file. */
function mayMatchSecret(part: string): boolean {
  if (!/[*?[]/u.test(part) || /^\*+$/u.test(part)) return false;
  const pattern = part.toLowerCase().replace(/\[[^\]]*\]/gu, "?");
  const samples = sensitiveNames.map((name) => name.replace("*", name.startsWith("id_") ? "rsa" : "server"));
  return samples.some((sample) => matchesGlob(pattern, sample));
}
