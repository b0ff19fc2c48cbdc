// Kills a gateway under load, again and again, and compares what was said with what stands there in the end.
// `npx pnpm@12 soak --kills 2000 --seed 7 --platform drops`; loopback only, bounded, and it ends what it started.
// Every second process answers each message by itself; the others join what is said quickly, and cut answers off for what comes later.
// Platforms: `telegram` (nobody can tell what was sent), `drops` (repetitions are dropped), `answers` (it can be asked).
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { person, startBotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { startMortal } from "./crash/crash-points.ts";
import { openPostOffice, type PostOfficeAbilities } from "./crash/post-office-server.ts";
import type { MortalSettings } from "./mortal-gateway.ts";
import type { Heard, Soaking } from "./soak/manner.ts";
import { judge, type Verdict } from "./soak/verdict.ts";

const maxLifeMs = 900;
const betweenMessagesMs = 15;
const maxDrainMs = 60_000;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    chats: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    platform: { type: "string", default: "telegram" },
  },
});
const kills = Number(values.kills);
const chats = Array.from({ length: Number(values.chats) }, (_, index) => 1001 + index);
const random = generator(Number(values.seed));

/** Small and repeatable: the same seed kills at the same moments. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where people talk, and a gateway that is connected to it. */
interface Place {
  say(chat: number, text: string): void;
  texts(chat: number): readonly string[];
  start(databasePath: string, soak: Soaking): ChildProcess;
  close(): Promise<void>;
}

async function openPlace(platform: string): Promise<Place> {
  switch (platform) {
    case "telegram":
      return await openTelegram();
    case "drops":
      return await openOffice({ style: "edit", tells: "drops repetitions" });
    case "answers":
      return await openOffice({ style: "edit", tells: "answers" });
    default:
      throw new Error(`There is no platform ${platform}: telegram, drops, answers`);
  }
}

async function openTelegram(): Promise<Place> {
  const api = await startBotApiServer({ validate: false });
  const program = fileURLToPath(new URL("mortal-gateway.ts", import.meta.url));
  return {
    say: (chat, text) => void api.say(text, { from: person(chat, `Person ${chat}`) }),
    texts: (chat) => api.texts(chat, "bot"),
    start(databasePath, soak) {
      const settings: MortalSettings = { databasePath, apiRoot: api.apiRoot, token: api.token, killAt: 0, soak };
      return fork(program, [JSON.stringify(settings)], {
        execArgv: ["--conditions=@hermes/source"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
    },
    close: () => api.close(),
  };
}

async function openOffice(abilities: PostOfficeAbilities): Promise<Place> {
  const office = await openPostOffice(abilities);
  return {
    say: (chat, text) => office.say(`${chat}`, text),
    texts: (chat) => office.texts(`${chat}`),
    start: (databasePath, soak) => startMortal({ databasePath, url: office.url, abilities, soak }),
    close: async () => {
      await office[Symbol.asyncDispose]();
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), "hermes-soak-"));
const [databasePath, heardPath] = [join(folder, "hermes.db"), join(folder, "heard.jsonl")];
writeFileSync(heardPath, "");
const place = await openPlace(values.platform);
const said = new Map(chats.map((chat) => [chat, 0]));
const talking = new AbortController();

async function talk(): Promise<void> {
  while (!talking.signal.aborted) {
    const chat = chats[Math.floor(random() * chats.length)] ?? 1001;
    const next = (said.get(chat) ?? 0) + 1;
    said.set(chat, next);
    place.say(chat, `message ${next}`);
    await pause(betweenMessagesMs);
  }
}

function verdicts(): readonly Verdict[] {
  const heard = readFileSync(heardPath, "utf8").split("\n").filter(Boolean);
  const byChat = Map.groupBy(
    heard.map((line) => JSON.parse(line) as Heard),
    ({ chat }) => chat,
  );
  return chats.map((chat) => judge(said.get(chat) ?? 0, byChat.get(`${chat}`) ?? [], place.texts(chat)));
}

try {
  const load = talk();
  for (let kill = 1; kill <= kills; kill += 1) {
    const child = place.start(databasePath, { manner: kill % 2 === 0 ? "one by one" : "as it comes", heardPath });
    const ended = once(child, "exit");
    await pause(random() * maxLifeMs);
    child.kill("SIGKILL");
    await ended;
    if (kill % 50 === 0)
      process.stdout.write(`${kill} kills, ${[...said.values()].reduce((sum, count) => sum + count, 0)} messages\n`);
  }
  talking.abort();
  await load;
  const last = place.start(databasePath, { manner: "as it comes", heardPath });
  const untilMs = Date.now() + maxDrainMs;
  while (verdicts().some(({ lost }) => lost > 0) && Date.now() < untilMs) await pause(200);
  last.kill("SIGTERM");
  await once(last, "exit");
  const found = verdicts();
  const total = (key: keyof Verdict): number => found.reduce((sum, each) => sum + each[key], 0);
  const messages = [...said.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `${kills} kills, ${messages} messages: ${total("lost")} lost, ${total("shared")} in two turns, ${total("disordered")} out of order, ${total("strange")} answers to nothing, ${total("unmarked")} repeated without a mark, ${total("marked")} with one; the answers to ${total("cut")} were cut off by what was said next\n`,
  );
  // Where the platform tells what was sent, nothing has a reason to be said twice.
  const doubled = total("unmarked") + (values.platform === "telegram" ? 0 : total("marked"));
  if (total("lost") + total("shared") + total("disordered") + total("strange") + doubled > 0) process.exitCode = 1;
} finally {
  talking.abort();
  await place.close();
  rmSync(folder, { recursive: true, force: true });
}
