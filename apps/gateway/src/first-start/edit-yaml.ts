import type { Json } from "@hermes/core";
import { Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import type { Setting } from "../config/setting.ts";
import { parseYamlFile, shield, unshield } from "../config/yaml-file.ts";

/** A section as an agent's package offers it, `use` included. */
export type Section = { readonly [key: string]: Json };

/** A key of `agents.main` that is the gateway's, and so outlives the agent. */
const kept = "inactivitySeconds";

/**
 * The text of a `config.yaml` with this section as `agents.main`. Whatever stands outside of `agents` stays as it was, to the byte, but
 * for `agent.use`, which means the same. Undefined where that cannot be done without losing something: then people do it themselves.
 */
export function withMainAgent(text: string, section: Section): string | undefined {
  try {
    const edited = edit(shield(text), section);
    if (edited === undefined) return undefined;
    const whole = unshield(edited);
    return isAsMeant(text, whole, section) ? whole : undefined;
  } catch {
    // It is no YAML that can be read, or the library cannot write a part that names another one.
    return undefined;
  }
}

/** The section as people would write it. */
export function asYaml(section: Section): string {
  return unshield(written({ agents: { main: shielded(section) } }));
}

function edit(text: string, section: Section): string | undefined {
  const document = parse(text);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return append(text, "", section);
  if (!isMap(root)) return undefined;
  const isShort = document.hasIn(["agent", "use"]);
  if (root.flow === true) {
    if (isShort) document.deleteIn(["agent", "use"]);
    setMain(document, section);
    return document.toString({ lineWidth: 0 });
  }
  const margin = " ".repeat(columnOf(text, root.range?.[0] ?? 0));
  const short = isShort ? placeOf(text, root, "agent", margin) : undefined;
  const agents = placeOf(text, root, "agents", margin);
  const parts = [
    ...(short === undefined ? [] : [{ ...short, text: withoutUse(text.slice(short.start, short.end)) }]),
    ...(agents === undefined ? [] : [{ ...agents, text: withMain(text.slice(agents.start, agents.end), section) }]),
  ];
  // From the last to the first: a change moves what stands behind it.
  const edited = parts
    .toSorted((one, other) => other.start - one.start)
    .reduce((whole, part) => whole.slice(0, part.start) + indented(part.text, margin) + whole.slice(part.end), text);
  return agents === undefined ? append(edited, margin, section) : edited;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** From a key to the end of its last line. Comments behind it that stand no deeper than the key are about what follows. */
function placeOf(text: string, root: YAMLMap, name: string, margin: string): Place | undefined {
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === name);
  if (!isScalar(pair?.key)) return undefined;
  const { value } = pair;
  const start = pair.key.range?.[0] ?? 0;
  const valueEnd =
    typeof value === "object" && value !== null && "range" in value && Array.isArray(value.range) ? value.range : [];
  const slice = text.slice(start, Number(valueEnd[2] ?? start));
  const about = new RegExp(`(?:^[ ]{0,${margin.length}}#.*\\n?|^[ \\t]*\\n)+$`, "mu").exec(slice);
  return { start, end: start + (about?.index ?? slice.length) };
}

function withMain(part: string, section: Section): string {
  const document = parse(part);
  setMain(document, section);
  return document.toString({ lineWidth: 0 });
}

function withoutUse(part: string): string {
  const document = parse(part);
  document.deleteIn(["agent", "use"]);
  const rest = document.getIn(["agent"]);
  return isMap(rest) && rest.items.length === 0 ? "" : document.toString({ lineWidth: 0 });
}

function setMain(document: Document.Parsed, section: Section): void {
  const inactivity = document.getIn(["agents", "main", kept], true);
  if (!isMap(document.get("agents"))) document.set("agents", document.createNode({}));
  document.setIn(["agents", "main"], document.createNode(shielded(section)));
  if (inactivity !== undefined) document.setIn(["agents", "main", kept], inactivity);
}

function append(text: string, margin: string, section: Section): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text === "" || text.endsWith("\n") ? text : `${text}${newline}`;
  const part = indented(written({ agents: { main: shielded(section) } }), margin);
  return `${before}${margin}${part.replaceAll("\n", newline)}`;
}

function written(value: Json): string {
  return new Document(value).toString({ lineWidth: 0 });
}

function parse(text: string): Document.Parsed {
  const document = parseDocument(text, { intAsBigInt: true, logLevel: "error" });
  if (document.errors[0] !== undefined) throw document.errors[0];
  return document;
}

/** References to variables as the text around them has them while it is changed. */
function shielded(section: Section): Json {
  return JSON.parse(shield(JSON.stringify(section))) as Json;
}

function indented(part: string, margin: string): string {
  return part.replaceAll(/\n(?=[^\n])/gu, `\n${margin}`);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Read as the gateway reads it: the agent is the new one, all else is what it was, and no line of comment is gone. */
function isAsMeant(before: string, after: string, section: Section): boolean {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  const isMain = ({ path: [first, second] }: Setting): boolean => first === "agents" && second === "main";
  const main = now.filter((setting) => isMain(setting) && setting.path[2] !== kept);
  const meant = settingsOf(asYaml(section)).filter(isMain);
  return (
    inWords(main) === inWords(meant) &&
    inWords(old.filter(isElse)) === inWords(now.filter(isElse)) &&
    commentsOf(before).every((line) => commentsOf(after).includes(line))
  );
}

/** What has nothing to do with who answers. A section that is only named says nothing. */
function isElse({ path, value }: Setting): boolean {
  const [first, second, third] = path;
  if (first === "agents" && second === "main") return third === kept;
  return value !== undefined && !(first === "agent" && second === "use" && third === undefined);
}

function settingsOf(text: string): readonly Setting[] {
  return text.trim() === "" ? [] : parseYamlFile(text, "config.yaml");
}

function inWords(settings: readonly Setting[]): string {
  return settings
    .map(({ path, value }) => JSON.stringify([path, value ?? null]))
    .toSorted()
    .join("\n");
}

function commentsOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line.startsWith("#"));
}
