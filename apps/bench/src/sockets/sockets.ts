import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Settings } from "../command-line.ts";
import { cpuMs, residence } from "../measure/process-facts.ts";
import { median, percentile } from "../measure/statistics.ts";
import { temporaryFolder } from "../processes/clean-up.ts";
import { makeHome, startGateway } from "../processes/gateway.ts";
import { atMost, digits, type Report } from "../report/report.ts";
import { connectChatter, type Chatter } from "./chatter.ts";
import { connectClients } from "./clients.ts";

const wantedClients = 10_000;
const clientsPerProcess = 5000;
/** Files that a process needs besides. */
const otherFiles = 500;
/** Longer than the time between two heartbeats of one client. */
const idleMs = 32_000;
const warmMs = 2000;
const betweenQuestionsMs = 20;

/** Thousands of clients that are there and silent: what they cost, and what whoever talks meanwhile feels of them. */
export async function sockets(_settings: Settings, tell: (line: string) => void): Promise<Report> {
  const clients = Math.min(wantedClients, openFiles() - otherFiles);
  if (clients < 1) throw new Error(`Too few files may be open: ulimit -n says ${openFiles()}`);
  using folder = temporaryFolder();
  const home = join(folder.path, "home");
  makeHome(home, { kind: "sockets", maxConnections: clients + 10 });
  await using gateway = await startGateway(home);
  const token = (await readFile(join(home, "gateway", "token"), "utf8")).trim();
  const chatter = await connectChatter(gateway.url, token);
  const alone = await talk(chatter, warmMs);
  const before = residence(gateway.pid);
  const connectFromMs = performance.now();
  const shares = Array.from({ length: Math.ceil(clients / clientsPerProcess) }, (_, index) =>
    Math.min(clientsPerProcess, clients - index * clientsPerProcess),
  );
  const { port } = new URL(gateway.url);
  const groups = await Promise.all(shares.map((count) => connectClients(port, token, count)));
  const connectMs = performance.now() - connectFromMs;
  tell(`${clients} clients are there; now they are silent for ${idleMs / 1000} s`);
  const cpuFromMs = cpuMs(gateway.pid);
  await setTimeout(idleMs);
  const idleCpu = (cpuMs(gateway.pid) - cpuFromMs) / idleMs;
  const after = residence(gateway.pid);
  tell("now one of them talks");
  const among = await talk(chatter, idleMs / 4);
  chatter.close();
  const facts = await Promise.all(groups.map((group) => group.end()));
  const lost = facts.reduce((sum, fact) => sum + fact.lost, 0);
  const pings = facts.reduce((sum, fact) => sum + fact.pings, 0);
  const perClientKb = (after.totalBytes - before.totalBytes) / clients / 1000;
  const perSecond = clients / (connectMs / 1000);
  return {
    tables: [
      {
        title: `${clients} clients that are silent, one gateway process`,
        columns: ["", ""],
        rows: [
          ["connected, clients/s", digits(perSecond)],
          ["resident before, MB", digits(before.totalBytes / 1e6)],
          ["resident with them, MB", digits(after.totalBytes / 1e6)],
          ["memory per client, kB", digits(perClientKb)],
          ["processor while all are silent, % of a core", digits(idleCpu * 100)],
          ["heartbeats answered", String(pings)],
          ["lines lost", String(lost)],
        ],
      },
      {
        title: "A question and its whole answer, of one client that talks",
        columns: ["", "p50 ms", "p99 ms", "worst ms", "asked"],
        rows: [row("alone", alone), row(`among ${clients}`, among)],
      },
    ],
    goals: [
      atMost("lines lost", lost, 0, "of all"),
      atMost("memory per client", perClientKb, 30, "kB"),
      atMost("processor while all are silent", idleCpu * 100, 5, "% of a core"),
      atMost("a question among them, p99", percentile(among, 0.99), 50, "ms"),
    ],
    remarks: [
      "The clients answer heartbeats and live in processes of their own; handshakes of a hundred at a time in each of those",
      ...(clients === wantedClients ? [] : [`Only ${clients} clients: more files must not be open (ulimit -n)`]),
    ],
    data: { clients, perSecond, before, after, perClientKb, idleCpu, pings, lost, alone, among },
  };
}

async function talk(chatter: Chatter, forMs: number): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (const endMs = performance.now() + forMs; performance.now() < endMs;) {
    tookMs.push(await chatter.ask());
    await setTimeout(betweenQuestionsMs);
  }
  return tookMs;
}

function row(name: string, tookMs: readonly number[]): readonly string[] {
  const cells = [median(tookMs), percentile(tookMs, 0.99), Math.max(...tookMs)].map(digits);
  return [name, ...cells, String(tookMs.length)];
}

/** How many files a process may have open: Node itself takes as many as it is allowed. */
function openFiles(): number {
  const limit = execFileSync("/bin/sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
  return limit === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(limit);
}
