import { join } from "node:path";
import type { Settings } from "../command-line.ts";
import { importOnce, type ImportCost } from "../imports/import-once.ts";
import { residence } from "../measure/process-facts.ts";
import { median } from "../measure/statistics.ts";
import { temporaryFolder } from "../processes/clean-up.ts";
import { makeHome, startGateway } from "../processes/gateway.ts";
import { atMost, digits, type Report } from "../report/report.ts";
import { ClosedLoop } from "../throughput/closed-loop.ts";
import { kinds, openLoopbacks, webhookSecret, type Kind, type Loopbacks } from "../../loopback/platforms.ts";
import { deploy, measureInstalled, type Installed } from "./installed.ts";
import { entriesOf } from "./entries.ts";

const idleMs = 4000;
const runs = 3;
const imports = 7;
const maxMessages = 200_000;
const maxReadyMs = 1500;
const maxCpuMsPerMessage = 0.45;

/** What each platform costs: on the disk, while it is imported, in memory; and what a gateway with all of them does. */
export async function platforms(settings: Settings, tell: (line: string) => void): Promise<Report> {
  const installed = new Map<Kind, Installed>();
  for (const kind of kinds) installed.set(kind, await install(kind));
  tell("installed each by itself");
  const imported = new Map<Kind, ImportCost>();
  for (const kind of kinds) imported.set(kind, await importAll(kind));
  tell("imported each, with its library");
  const bare = await startWith([]);
  const alone = new Map<Kind, Started>();
  for (const kind of kinds) alone.set(kind, await startWith([kind]));
  tell("each connected alone");
  const all = await startWith(kinds);
  tell("all connected; now people talk on one of them");
  const cpuMs = await talk(settings);
  const rows = kinds.map((kind) => {
    const { diskBytes = 0, packages = 0 } = installed.get(kind) ?? {};
    const { ms = 0, mb = 0 } = imported.get(kind) ?? {};
    const started = alone.get(kind) ?? bare;
    const increase = started.residentMb - bare.residentMb;
    return [
      kind,
      digits(diskBytes / 1e6),
      String(packages),
      digits(ms),
      digits(mb),
      digits(increase),
      digits(started.connectedMs),
    ];
  });
  return {
    tables: [
      {
        title: "Each platform: its package with all it drags in, its code and library imported, a gateway with it alone",
        columns: ["", "MB on disk", "packages", "import ms", "resident MB", "gateway grows by MB", "connected after ms"],
        rows,
      },
      {
        title: "A gateway with all of them and its own doors",
        columns: ["", "ready ms", "all connected ms", "resident MB at rest", "CPU ms/message"],
        rows: [
          ["no platform", digits(bare.readyMs), "", digits(bare.residentMb), ""],
          ["all", digits(all.readyMs), digits(all.connectedMs), digits(all.residentMb), digits(cpuMs)],
        ],
      },
    ],
    goals: [
      atMost("all platforms connected", all.connectedMs, maxReadyMs, "ms"),
      atMost("CPU a message with all of them connected", cpuMs, maxCpuMsPerMessage, "ms"),
    ],
    remarks: [
      `medians of ${runs} gateways each and of ${imports} imports, file cache warm; memory after ${idleMs / 1000} s of rest`,
      "messages come by Telegram's webhook, as in `throughput`, while the others are connected and silent",
    ],
    data: { installed: [...installed], imported: [...imported], bare, alone: [...alone], all, cpuMs },
  };
}

async function install(kind: Kind): Promise<Installed> {
  using folder = temporaryFolder();
  const target = join(folder.path, kind);
  await deploy(`@hermes/platform-${kind}`, target);
  return measureInstalled(target);
}

async function importAll(kind: Kind): Promise<ImportCost> {
  const costs: ImportCost[] = [];
  for (let run = 0; run < imports; run++) costs.push(await importOnce(...entriesOf(kind)));
  return { ms: median(costs.map(({ ms }) => ms)), mb: median(costs.map(({ mb }) => mb)) };
}

/** From spawning, in milliseconds. */
interface Started {
  readonly readyMs: number;
  readonly connectedMs: number;
  readonly residentMb: number;
}

async function startWith(wanted: readonly Kind[]): Promise<Started> {
  const seen: Started[] = [];
  for (let run = 0; run < runs; run++) seen.push(await startOnce(wanted));
  return {
    readyMs: median(seen.map(({ readyMs }) => readyMs)),
    connectedMs: median(seen.map(({ connectedMs }) => connectedMs)),
    residentMb: median(seen.map(({ residentMb }) => residentMb)),
  };
}

async function startOnce(wanted: readonly Kind[]): Promise<Started> {
  await using loopbacks = await openLoopbacks(wanted);
  using folder = temporaryFolder();
  makeHome(folder.path, { kind: "platforms", sections: loopbacks.sections });
  const spawnedAtMs = performance.now();
  await using gateway = await startGateway(folder.path);
  await Promise.race([loopbacks.connected(), gateway.failed]);
  const connectedMs = performance.now() - spawnedAtMs;
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  return { readyMs: gateway.readyMs, connectedMs, residentMb: residence(gateway.pid).totalBytes / 1e6 };
}

/** Processor time a message takes on Telegram while the others are connected. */
async function talk(settings: Settings): Promise<number> {
  const costs: number[] = [];
  for (let round = 0; round < settings.rounds; round++) {
    await using loopbacks = await openLoopbacks(kinds, { telegram: "webhook" });
    costs.push(await talkOnce(loopbacks, settings));
  }
  return median(costs);
}

async function talkOnce(loopbacks: Loopbacks, settings: Settings): Promise<number> {
  using folder = temporaryFolder();
  makeHome(folder.path, { kind: "platforms", sections: loopbacks.sections });
  await using gateway = await startGateway(folder.path, { isWatched: true });
  await Promise.race([loopbacks.connected(), gateway.failed]);
  const webhook = { url: `${gateway.url}/webhooks/telegram`, secret: webhookSecret };
  const loop = new ClosedLoop(loopbacks.telegram, webhook, { ...settings, maxMessages }, gateway);
  const { cpuMs, answered, lost, surplus } = await Promise.race([loop.run(), gateway.failed]);
  if (lost + surplus > 0) throw new Error(`${lost} messages were not answered, ${surplus} more than once`);
  return cpuMs / answered;
}
