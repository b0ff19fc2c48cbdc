import { join } from "node:path";
import { startBotApiServer, type BotApiServer } from "../../loopback/bot-api.ts";
import type { Settings } from "../command-line.ts";
import { residence } from "../measure/process-facts.ts";
import { median } from "../measure/statistics.ts";
import { temporaryFolder } from "../processes/clean-up.ts";
import { botToken, makeHome, startGateway, type GatewaySetUp, type RunningGateway } from "../processes/gateway.ts";
import { storeSessions } from "./stored-sessions.ts";
import { atMost, digits, type Goal, type Report, type Table } from "../report/report.ts";

const idleMs = 5000;
const idleRuns = 3;
const maxReadyMs = 600;
const maxResidentMb = 130;
/** With a million stored sessions. */
const maxReadyStoredMs = 1500;
const maxResidentStoredMb = 160;

/** From spawning to the ready line, in milliseconds: on a new home, and once more on the same. */
interface Starts {
  readonly first: number[];
  readonly later: number[];
}

/** How long the gateway takes to be ready, and how much memory it holds with nothing to do. */
export async function start({ starts, sessions }: Settings, tell: (line: string) => void): Promise<Report> {
  await using api = await startBotApiServer({ token: botToken, validate: false });
  const telegram: GatewaySetUp = { kind: "telegram", mode: "polling", apiRoot: api.apiRoot };
  const plain: Starts = { first: [], later: [] };
  const polling: Starts = { first: [], later: [] };
  for (let count = 0; count < starts; count++) {
    await startTwice({ kind: "plain" }, plain);
    await startTwice(telegram, polling);
  }
  tell(`${starts} starts measured; now the gateway rests`);
  const resident: number[] = [];
  const anonymous: number[] = [];
  for (let count = 0; count < idleRuns; count++) {
    const { totalBytes, anonymousBytes } = await rest(telegram, api);
    resident.push(totalBytes / 1e6);
    anonymous.push(anonymousBytes / 1e6);
  }
  const stored = sessions === 0 ? undefined : await measureStored({ starts, sessions }, telegram, api, tell);
  const slowest = Math.max(...[plain.first, plain.later, polling.first, polling.later].map(median));
  return {
    tables: [
      {
        title: "From spawn to the ready line (median, slowest)",
        columns: ["set up", "new home ms", "slowest", "later ms", "slowest"],
        rows: [row("no platform", plain), row("Telegram, polling", polling)],
      },
      {
        title: `Memory after ${idleMs / 1000} s of rest, Telegram polling`,
        columns: ["", "MB"],
        rows: [
          ["resident", digits(median(resident))],
          ["of it anonymous", digits(median(anonymous))],
        ],
      },
      ...(stored === undefined ? [] : [stored.table]),
    ],
    goals: [
      atMost("ready, the slowest median", slowest, maxReadyMs, "ms"),
      atMost("resident at rest with Telegram", median(resident), maxResidentMb, "MB"),
      ...(stored?.goals ?? []),
    ],
    remarks: [`${starts} starts of the built program in turn, each process new; memory: median of ${idleRuns}`],
    data: { plain, polling, residentMb: resident, anonymousMb: anonymous, stored: stored?.data },
  };
}

async function startTwice(setUp: GatewaySetUp, starts: Starts): Promise<void> {
  using folder = temporaryFolder();
  const home = join(folder.path, "home");
  makeHome(home, setUp);
  for (const list of [starts.first, starts.later]) {
    await using gateway = await startGateway(home);
    list.push(gateway.readyMs);
  }
}

interface Stored {
  readonly table: Table;
  readonly goals: readonly Goal[];
  readonly data: { readonly sessions: number; readonly readyMs: readonly number[]; readonly residentMb: readonly number[] };
}

/** The same on a home with which very many people have talked. */
async function measureStored(
  { starts, sessions }: Pick<Settings, "starts" | "sessions">,
  setUp: GatewaySetUp,
  api: BotApiServer,
  tell: (line: string) => void,
): Promise<Stored> {
  using folder = temporaryFolder();
  makeHome(folder.path, setUp);
  await storeSessions(folder.path, sessions);
  tell(`${sessions} sessions are stored; now the gateway starts on them`);
  const readyMs: number[] = [];
  const residentMb: number[] = [];
  for (let count = 0; count < starts; count++) {
    await using gateway = await startGateway(folder.path);
    readyMs.push(gateway.readyMs);
    if (count < idleRuns) residentMb.push((await restOf(gateway, api)).totalBytes / 1e6);
  }
  return {
    table: {
      title: `With ${sessions} stored sessions, Telegram polling`,
      columns: ["", "ready ms", "slowest", "resident MB", "most"],
      rows: [
        ["", digits(median(readyMs)), digits(Math.max(...readyMs)), digits(median(residentMb)), digits(Math.max(...residentMb))],
      ],
    },
    goals: [
      atMost(`ready with ${sessions} sessions`, median(readyMs), maxReadyStoredMs, "ms"),
      atMost(`resident with ${sessions} sessions`, median(residentMb), maxResidentStoredMb, "MB"),
    ],
    data: { sessions, readyMs, residentMb },
  };
}

async function rest(setUp: GatewaySetUp, api: BotApiServer): Promise<ReturnType<typeof residence>> {
  using folder = temporaryFolder();
  makeHome(folder.path, setUp);
  await using gateway = await startGateway(folder.path);
  return await restOf(gateway, api);
}

async function restOf(gateway: RunningGateway, api: BotApiServer): Promise<ReturnType<typeof residence>> {
  await Promise.race([api.until(() => api.updates.polling), gateway.failed]);
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  return residence(gateway.pid);
}

function row(name: string, { first, later }: Starts): readonly string[] {
  return [name, digits(median(first)), digits(Math.max(...first)), digits(median(later)), digits(Math.max(...later))];
}
