import { createInterface } from "node:readline/promises";
import type { SessionHits, SessionInfo, SessionList } from "@hermes/protocol";
import { GatewayError } from "../../config/problem.ts";
import { printable } from "../../log/printable.ts";
import { asJson } from "../ledger/as-json.ts";
import { howToGetMore } from "../ledger/how-to-get-more.ts";
import { briefMoment, fullMoment } from "../ledger/moments.ts";
import { renderTable, type Column } from "../ledger/table.ts";
import { oneLine, wrapText } from "../ledger/text-width.ts";
import { currentView, type View } from "../ledger/view.ts";
import { askGateway } from "./ask-gateway.ts";

/** How the list is asked for on the command line. */
export interface SessionListOptions {
  readonly platform?: string;
  readonly limit?: number;
  readonly after?: string;
  readonly json?: true;
}

/** How the search is asked for on the command line. */
export interface SessionSearchOptions {
  readonly session?: string;
  readonly limit?: number;
  readonly json?: true;
}

/** `hermes sessions list`. */
export async function listSessions({ json, ...query }: SessionListOptions): Promise<void> {
  const list = await askGateway(({ client }) => client.call("session.list", query));
  if (json === true) process.stdout.write(asJson(list));
  else if (list.sessions.length === 0) process.stdout.write("There are no conversations.\n");
  else {
    process.stdout.write(showSessions(list, currentView()));
    const filters = [
      ...(query.platform === undefined ? [] : ["--platform", query.platform]),
      ...(query.limit === undefined ? [] : ["--limit", String(query.limit)]),
    ];
    if (list.next !== undefined) process.stdout.write(howToGetMore("sessions", filters, list.next));
  }
}

/** `hermes sessions search`. */
export async function searchSessions(text: string, { session, limit, json }: SessionSearchOptions): Promise<void> {
  const query = {
    text,
    ...(session === undefined ? {} : { session_key: session }),
    ...(limit === undefined ? {} : { limit }),
  };
  const found = await askGateway(({ client }) => client.call("session.search", query));
  if (json === true) process.stdout.write(asJson(found));
  else process.stdout.write(found.hits.length === 0 ? "Nothing fits.\n" : showHits(found, currentView()));
}

/** `hermes sessions delete`: asks first, where there is somebody to ask. */
export async function deleteSession(key: string, { yes }: { readonly yes?: true }): Promise<void> {
  if (yes !== true && !(await isConfirmed(key))) {
    process.stdout.write("Nothing was deleted.\n");
    return;
  }
  const outcome = await askGateway(({ client }) => client.call("session.delete", { session_key: key }));
  if (!outcome.done) throw new GatewayError(outcome.message, { exitCode: 78 });
  process.stdout.write(`${printable(outcome.message)}\n`);
}

async function isConfirmed(key: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new GatewayError("Nobody is here to confirm it: say --yes.", { exitCode: 78 });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  lines.once("close", () => left.abort());
  try {
    const question = `Delete all that was said in ${printable(key)}? It cannot be brought back. [y/N] `;
    return /^y(?:es)?$/iu.test((await lines.question(question, { signal: left.signal })).trim());
  } catch (error) {
    if (left.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}

/** Conversations as a table; the key comes last and whole, so that it can be copied. */
export function showSessions({ sessions }: SessionList, { nowMs, width }: View): string {
  const columns: readonly Column<SessionInfo>[] = [
    { title: "WHEN", cell: ({ updated_at }) => briefMoment(Date.parse(updated_at), nowMs) },
    { title: "STATE", cell: ({ running }) => (running ? "running" : ""), from: 90 },
    { title: "TITLE", cell: ({ title }) => title, least: 12 },
    { title: "SESSION", cell: ({ session_key }) => session_key },
  ];
  return renderTable(columns, sessions, width);
}

/** Places that fit, each under where and when it was said. */
export function showHits({ hits }: SessionHits, { nowMs, width }: View): string {
  return hits
    .map(({ session_key, title, role, excerpt, timestamp }) => {
      const who = role === "user" ? "asked" : "answered";
      const name = oneLine(title) === "" ? "" : `${oneLine(title)}, `;
      const { lines } = wrapText(oneLine(excerpt), width - 4, 4);
      return `${name}${who} ${fullMoment(Date.parse(timestamp), nowMs)}\n  ${oneLine(session_key)}\n${lines.map((line) => `  | ${line}\n`).join("")}`;
    })
    .join("\n");
}
