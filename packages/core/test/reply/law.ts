import { expect } from "vitest";
import type { AgentEvent, Part, ReplyState } from "../../src/index.ts";
import { openedFence } from "../../src/text/fence.ts";
import { filesText, partOf, type ScriptedServer } from "./scripted-server.ts";
import { mark, type Step } from "./simulation.ts";

/** What a text says, however it is cut: no white space, no fence lines, no repeat mark, and no markup that healing may add. */
export function said(text: string): string {
  return text
    .split("\n")
    .filter((line) => openedFence(line) === null)
    .join("")
    .replaceAll(mark, "")
    .replace(/[\s*`]/gu, "");
}

/** What an agent does meanwhile is shown beside what it says. */
export function isProgress(text: string): boolean {
  return /^(?:⚙️|✅|❌|🚫|⏭️|▫️|▶️|☑️|… \d)/u.test(text.replace(mark, "").trim());
}

export function saidBy(steps: readonly Step[]): string {
  return said(steps.map(({ event }) => textOf(event)).join(""));
}

function textOf(event: AgentEvent): string {
  if (event.type === "text-delta") return event.text;
  if (event.type === "file") return `\n\n${filesText([event.file])}${event.caption ?? ""}\n\n`;
  if (event.type === "album") return `\n\n${filesText(event.files)}${event.caption ?? ""}\n\n`;
  return event.type === "notice" ? `\n\n${event.text}\n\n` : "\n\n";
}

/**
 * The law: what stands on the server at the end contains every source character in order; a character stands twice only inside a
 * part whose send was unknown; a part that could not be delivered is followed by a notice.
 */
export function expectLaw(state: ReplyState, server: ScriptedServer, source: string, canTell = true): void {
  expect(server.violations).toEqual([]);
  expect(
    said(
      state.parts
        .filter(({ kind }) => kind !== "undelivered" && kind !== "progress")
        .map(contentOf)
        .join("\n"),
    ),
  ).toBe(source);
  for (const part of state.parts) expectEvidence(part, server);
  expectNothingElse(state, server);
  expectOrder(state, server);
  if (canTell) expectNotices(state);
}

/** What a part says, or would have said. */
function contentOf(part: Part): string {
  return filesText(part.files ?? []) + (part.state === "sent" ? part.shown : part.desired).join("\n");
}

function expectEvidence(part: Part, server: ScriptedServer): void {
  if (part.state !== "sent") return;
  // A live message that could not be finished stands there without anybody knowing its id.
  const standing = part.refs.length > 0 ? part.refs.map((ref) => server.textAt(ref)) : textsOfStream(part, server);
  expect(said(standing.join("\n"))).toBe(said(filesText(part.files ?? []) + part.shown.join("\n")));
}

function textsOfStream(part: Part, server: ScriptedServer): readonly string[] {
  return server.messages
    .filter((message) => partOf(message.key) === part.index && !message.deleted)
    .map((message) => message.text);
}

/** Every message belongs to one part, but for those whose send was answered with an error: what stands there twice is marked. */
function expectNothingElse(state: ReplyState, server: ScriptedServer): void {
  const known = state.parts.flatMap((part) => part.refs.map((ref) => ref.messageId));
  expect(new Set(known).size).toBe(known.length);
  for (const message of server.messages) {
    if (message.deleted || known.includes(message.ref.messageId) || message.text === "") continue;
    const part = state.parts[partOf(message.key)];
    if (part?.state === "unknown") continue;
    if (part?.state === "sent" && part.refs.length === 0 && said(contentOf(part)) === said(message.text)) continue;
    expect(message.orphaned).toBe(true);
    expect(part?.marked).toBe(true);
  }
}

function expectOrder(state: ReplyState, server: ScriptedServer): void {
  const order = new Map(server.messages.map((message, index) => [message.ref.messageId, index]));
  const places = state.parts.flatMap((part) => part.refs.map((ref) => order.get(ref.messageId) ?? -1));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}

function expectNotices(state: ReplyState): void {
  for (const part of state.parts) {
    if (part.state !== "failed" || part.kind === "undelivered" || part.kind === "progress") continue;
    const next = state.parts.slice(part.index + 1).find((part) => part.desired.length > 0);
    expect(next?.kind).toBe("undelivered");
  }
}
