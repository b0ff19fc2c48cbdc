import { hash } from "node:crypto";
import type { ModelRequest, ModelStep } from "../../../../packages/agent-ai/test/server.ts";

/** A message as the model is given it. */
export interface GivenMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string }[];
}

const mark = "DO-";
const summaryWords = "You shorten the record of a conversation";

/** A word that makes the model call a tool, wherever it reads it: it survives names, quotations, markup and addresses. `say` only speaks. */
export function order(tool: string, input: Readonly<Record<string, unknown>>): string {
  return `${mark}${Buffer.from(JSON.stringify([tool, input])).toString("base64url")}`;
}

/**
 * A model that does what it reads, whoever wrote it and wherever it stands: the worst that hostile text can hope for. Each order is followed
 * once; when there is none left it says what it heard last. `summary` is what it makes of a conversation that is to be compressed.
 */
export function obedientModel(summary = "a short summary"): (request: ModelRequest) => ModelStep {
  return (request) => {
    const messages = messagesOf(request);
    const all = messages.map(textOf).join("\n");
    if (all.includes(summaryWords)) return { text: [summary] };
    const followed = new Set(messages.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id)));
    const open = ordersIn(all).find(({ id, tool }) => tool !== "say" && !followed.has(id));
    const offered = new Set(toolsOf(request));
    if (open !== undefined && offered.has(open.tool)) {
      return { calls: [{ id: open.id, name: open.tool, arguments: JSON.stringify(open.input) }] };
    }
    return { text: [answerTo(messages)], usage: { input: 1200, output: 34 } };
  };
}

/** The messages of a request, oldest first. */
export function messagesOf({ body }: ModelRequest): readonly GivenMessage[] {
  return (body["messages"] ?? []) as readonly GivenMessage[];
}

/** Names of the tools that the model was offered. */
export function toolsOf({ body }: ModelRequest): readonly string[] {
  const tools = (body["tools"] ?? []) as readonly { readonly function: { readonly name: string } }[];
  return tools.map((tool) => tool.function.name);
}

/** What the tools answered in a request, one text for each call. */
export function resultsIn(request: ModelRequest): readonly string[] {
  return messagesOf(request)
    .filter(({ role }) => role === "tool")
    .map(textOf);
}

/** The text of a message, whichever form it has. */
export function textOf({ content }: GivenMessage): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as readonly { readonly text?: unknown }[]).map(({ text }) => (typeof text === "string" ? text : "")).join("\n");
}

function answerTo(messages: readonly GivenMessage[]): string {
  const last = messages.findLast(({ role }) => role === "user");
  const heard = last === undefined ? "" : textOf(last);
  const saying = ordersIn(heard).find(({ tool }) => tool === "say")?.input["text"];
  if (typeof saying === "string") return saying;
  // What a person said stands behind the time, and in groups behind their name.
  const said = heard.split(/^\[[A-Z][a-z]+day [\d: -]+UTC\] (?:\[[^\]]*\]: )?/mu).at(-1) ?? "";
  const words = said.replaceAll(new RegExp(`${mark}\\S+`, "gu"), "");
  return `heard: ${words.trim()}`;
}

interface Order {
  readonly id: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

function ordersIn(text: string): readonly Order[] {
  return [...text.matchAll(/DO-([\w-]+)/gu)].flatMap(([, encoded = ""]) => {
    try {
      const [tool, input] = JSON.parse(Buffer.from(encoded, "base64url").toString()) as [string, Order["input"]];
      return [{ id: `call_${hash("sha256", encoded).slice(0, 24)}`, tool, input }];
    } catch {
      // One that was cut is no order.
      return [];
    }
  });
}
