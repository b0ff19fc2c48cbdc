import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CrashPoint } from "@hermes/runtime/testing";
import type { MortalSettings } from "./mortal.ts";
import { openPostOffice, type PostOffice, type PostOfficeAbilities } from "./post-office-server.ts";

const program = fileURLToPath(new URL("mortal.ts", import.meta.url));
const mark = "(This may be a repetition.)\n\n";
const maxWaitMs = 15_000;

/** What is said, by chat; each with what its answer has to hold, in order. */
const conversation: Readonly<Record<string, { readonly says: string; readonly wants: readonly string[] }>> = {
  echo: { says: "hello", wants: ["echo: hello"] },
  segments: { says: "segments s", wants: ["one s", "two s"] },
  grow: { says: "grow g", wants: ["It grows and grows g"] },
  steps: { says: "steps t", wants: ["looked t", "found t"] },
  pay: { says: "pay p", wants: ["receipt p"] },
  ask: { says: "ask a", wants: ["Tea, a?", "tea: yes a"] },
  status: { says: "/whoami", wants: ["Let in by"] },
  fresh: { says: "/new", wants: ["New conversation."] },
};
const restarted = "I was restarted";

/** What became of a conversation whose process ended at a point. */
export interface Aftermath {
  /** The process ended there; false: it never came there. */
  readonly wasReached: boolean;
  /** What is wrong, as sentences. */
  readonly faults: readonly string[];
}

/** Starts a process on a database and a post office. */
export function startMortal(settings: MortalSettings): ChildProcess {
  return fork(program, [JSON.stringify(settings)], {
    execArgv: ["--conditions=@hermes/source"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** Every point that a conversation passes on such a platform. */
export async function reachablePoints(abilities: PostOfficeAbilities): Promise<readonly CrashPoint[]> {
  const passed: CrashPoint[] = [];
  const { faults } = await live(abilities, undefined, (point) => passed.push(point));
  if (faults.length > 0) throw new Error(`Without a crash: ${faults.join("; ")}`);
  return passed;
}

/** A conversation in a process that ends at `point`, and what the next process makes of it. */
export async function dieAt(abilities: PostOfficeAbilities, point: CrashPoint): Promise<Aftermath> {
  return await live(abilities, point, () => undefined);
}

async function live(
  abilities: PostOfficeAbilities,
  point: CrashPoint | undefined,
  onPassed: (point: CrashPoint) => void,
): Promise<Aftermath> {
  const folder = mkdtempSync(join(tmpdir(), "hermes-crash-"));
  await using office = await openPostOffice(abilities);
  const settings: MortalSettings = { databasePath: join(folder, "hermes.db"), url: office.url, abilities };
  const talk = new Talk(office);
  try {
    const first = startMortal({ ...settings, ...(point === undefined ? {} : { point }) });
    first.on("message", onPassed);
    const ended = once(first, "exit").then(() => true);
    talk.begin();
    const wasReached = await Promise.race([ended, talk.isOver().then(() => false)]);
    if (wasReached) {
      const second = startMortal(settings);
      await talk.isOver();
      await end(second);
    } else await end(first);
    return { wasReached: wasReached || first.signalCode === "SIGKILL", faults: talk.faults(abilities) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** The people who talk: one says yes as soon as they are asked. */
class Talk {
  readonly #office: PostOffice;
  #hasSaidYes = false;

  constructor(office: PostOffice) {
    this.#office = office;
  }

  begin(): void {
    for (const [chat, { says }] of Object.entries(conversation)) this.#office.say(chat, says);
  }

  /** Resolves when everybody has an answer, or will not get one. */
  async isOver(): Promise<void> {
    const untilMs = Date.now() + maxWaitMs;
    for (let quietRounds = 0; quietRounds < 6 && Date.now() < untilMs;) {
      if (!this.#hasSaidYes && this.#office.texts("ask").some((text) => text.includes("Tea, a?"))) {
        this.#hasSaidYes = true;
        this.#office.say("ask", "yes");
      }
      quietRounds = Object.keys(conversation).every((chat) => this.#isAnswered(chat)) ? quietRounds + 1 : 0;
      await pause(25);
    }
  }

  #isAnswered(chat: string): boolean {
    const all = this.#office.texts(chat).join("\n");
    return all.includes(restarted) || (conversation[chat]?.wants.every((want) => all.includes(want)) ?? false);
  }

  faults({ style, tells }: PostOfficeAbilities): readonly string[] {
    const isTold = tells !== "not at all" && style !== "stream";
    const faults = Object.entries(conversation).flatMap(([chat, { wants }]) => {
      const texts = this.#office.texts(chat);
      const all = texts.join("\n");
      const wasCutOff = all.includes(restarted);
      const lost = wants.filter((want) => !all.includes(want) && !wasCutOff).map((want) => `${want} is lost`);
      const doubled = wants.filter((want) => copies(texts, want, isTold) > 1).map((want) => `${want} is said twice`);
      const places = wants.map((want) => texts.findIndex((text) => text.includes(want))).filter((place) => place >= 0);
      const isDisordered = places.some((place, index) => place < (places[index - 1] ?? 0));
      return [...lost, ...doubled, ...(isDisordered ? ["it is out of order"] : [])].map(
        (what) => `${chat}: ${what} in ${JSON.stringify(texts)}`,
      );
    });
    const paid = this.#office.effects.length;
    return [...faults, ...(paid > 1 ? [`It was paid ${paid} times`] : [])];
  }
}

/** What a reader cannot tell from something said twice; where the platform tells what was sent, marked ones count too. */
function copies(texts: readonly string[], want: string, isTold: boolean): number {
  return texts.filter((text) => text.includes(want) && (isTold || !text.startsWith(mark))).length;
}
