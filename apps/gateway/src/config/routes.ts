import type { AgentRoute } from "@hermes/runtime";
import type { Json } from "@hermes/core";
import type { Problem } from "./problem.ts";
import type { KeyValue } from "./read-key.ts";

const names = ["agent", "platform", "chat", "thread", "user"] as const;
const remedy =
  'Write each as `{ platform: telegram, chat: "-1001234567890", agent: coder }`, with any of `platform`, `chat`, `thread` and `user`, and ids as texts.';

/** The routes out of their key; `problems` names those that cannot be meant. */
export function readRoutes(
  found: KeyValue<readonly Json[]> | undefined,
  agents: readonly string[],
  platforms: readonly string[],
): { readonly routes: readonly AgentRoute[]; readonly problems: readonly Problem[] } {
  const routes: AgentRoute[] = [];
  const problems: Problem[] = [];
  for (const [index, entry] of (found?.value ?? []).entries()) {
    const route = readRoute(entry);
    const message = typeof route === "string" ? route : (lost(route, "agent", agents) ?? lost(route, "platform", platforms));
    if (typeof route !== "string" && message === undefined) routes.push(route);
    else problems.push(problemOf(index, message ?? "expected a route", found));
  }
  // The page and the terminal talk with `main`: a route that names no platform is one of each of the others.
  const placed = routes.flatMap((route) =>
    route.platform === undefined ? platforms.map((platform) => ({ ...route, platform })) : [route],
  );
  return { routes: placed, problems };
}

function readRoute(entry: Json): AgentRoute | string {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return "expected a route";
  const given = Object.entries(entry as { readonly [key: string]: Json });
  const unknown = given.find(([name]) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) return `a route has no \`${unknown[0]}\``;
  const texts = new Map<string, string>();
  for (const [name, value] of given) {
    const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
    if (typeof text !== "string" || text.trim() === "") return `expected \`${name}\` to be a text`;
    texts.set(name, text.trim());
  }
  const agent = texts.get("agent");
  if (agent === undefined) return "it does not say which agent";
  texts.delete("agent");
  return { agent, ...Object.fromEntries(texts) };
}

function lost(route: AgentRoute, name: "agent" | "platform", known: readonly string[]): string | undefined {
  const value = route[name];
  return value === undefined || known.includes(value) ? undefined : `there is no ${name} \`${value}\``;
}

function problemOf(index: number, message: string, found: KeyValue<readonly Json[]> | undefined): Problem {
  return {
    key: `routes[${index}]`,
    ...(found === undefined ? {} : { source: found.source }),
    message,
    remedy,
  };
}
