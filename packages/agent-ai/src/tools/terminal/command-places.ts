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
/** What the system keeps of other programs and of people. */
const systemSecrets = /\/proc\/[^/]+\/(?:task\/[^/]+\/)?(?:environ|mem|maps|fd|root|cwd)\b|\/etc\/(?:g?shadow|sudoers)/u;

/** Every place that an argument may name, and where it leads: itself, and what stands behind an option's letter, a `=`, a `:`, a `,` or a `@`. */
export function placesIn(text: string, surroundings: Surroundings): readonly string[] {
  const file = /^file:\/\/[^/]*(?<path>\/.*)$/iu.exec(text)?.groups?.["path"];
  if (file !== undefined) return placesIn(file, surroundings);
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
  const places = placesIn(text, surroundings);
  if ([text, ...places].some((place) => systemSecrets.test(place))) return true;
  if (quotesGateway(text, surroundings)) return true;
  return places.some((place) => mayBeGateways(place, surroundings) || hasSecretName(place, surroundings));
}

/** Whether what a program finds below a place may be the gateway's. */
export function holdsGateway(place: string, { gatewayFolder, roots }: Surroundings): boolean {
  return isInside(gatewayFolder, [place]) && !isInside(place, roots);
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

/** Inside of other texts a path stands as well: in a statement for a database, in an option. */
function quotesGateway(text: string, { gatewayFolder, roots }: Surroundings): boolean {
  return roots.reduce((rest, root) => rest.replaceAll(root, ""), text).includes(gatewayFolder);
}

/** A harmless name in a root may be a link to one that is not. */
function hasSecretName(place: string, { roots }: Surroundings): boolean {
  const root = roots.find((each) => isInside(place, [each]));
  if (root === undefined) return false;
  return place
    .slice(root.length)
    .split("/")
    .some((part) => isSensitiveName(part));
}

/** Whether a place is the gateway's, or could be once the shell has put names in the place of wildcards. */
function mayBeGateways(place: string, { gatewayFolder, roots }: Surroundings): boolean {
  if (isInside(place, roots)) return false;
  const parts = place.split("/");
  const folders = gatewayFolder.split("/");
  return parts.length >= folders.length && folders.every((folder, index) => matchesGlob(widened(parts[index] ?? ""), folder));
}

function widened(pattern: string): string {
  return pattern.replace(/\[[^\]]*\]/gu, "?");
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
  const pattern = widened(part.toLowerCase());
  const samples = sensitiveNames.map((name) => name.replace("*", name.startsWith("id_") ? "rsa" : "server"));
  return samples.some((sample) => matchesGlob(pattern, sample));
}
