import type { Json } from "@hermes/core";

/** Where an agent is talked with: two platforms, and the gateway's own door. */
export const stageNames = ["telegram", "slack", "web"] as const;
export type StageName = (typeof stageNames)[number];

/** Who talks. Both are let in; only Ada started the talk in the tests. */
export type Person = "ada" | "bob";
/** With the bot alone, or among others. */
export type Place = "direct" | "group";

/** What the bot has said, as it stands there now. */
export interface Shown {
  readonly text: string;
  readonly buttons: readonly string[];
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** What somebody sends besides text. */
export interface SentFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** How something is said; by default Ada says it to the bot alone. */
export interface Saying {
  readonly by?: Person;
  readonly in?: Place;
  readonly file?: SentFile;
}

/** One place on loopback where people talk with the gateway. */
export interface Stage {
  readonly name: StageName;
  /** Its section of the configuration; none: it is the gateway's own door. */
  readonly section?: Readonly<Record<string, Json>>;
  /** As the gateway writes Ada: `telegram:42`. */
  readonly ada: string;
  /** As targets name the place where Ada talks with the bot alone. */
  readonly direct: string;
  /** What must show nowhere. */
  readonly secrets: readonly string[];
  /** A gateway is ready at this address. */
  join(url: string): Promise<void>;
  says(text: string, how?: Saying): Promise<void>;
  /** Oldest first. */
  standing(place?: Place): Promise<readonly Shown[]>;
  /** Somebody presses a button of the newest message that has it. */
  presses(label: string, how?: Omit<Saying, "file">): Promise<void>;
  /** What people were told who pressed a button. */
  told(): readonly string[];
}

const pollMs = 20;
const patienceMs = 12_000;

/** Waits until something holds, and fails with `what` where it does not come to. */
export async function until(holds: () => boolean | Promise<boolean>, what: () => string | Promise<string>): Promise<void> {
  for (const untilMs = Date.now() + patienceMs; !(await holds());) {
    if (Date.now() > untilMs) throw new Error(`Did not come: ${await what()}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Waits until the bot has said something like this, and answers the newest of it. */
export async function sees(stage: Stage, pattern: RegExp, place: Place = "direct"): Promise<Shown> {
  const found = async (): Promise<Shown | undefined> => (await stage.standing(place)).findLast(({ text }) => pattern.test(text));
  await until(
    async () => (await found()) !== undefined,
    async () => `${stage.name}: ${String(pattern)}; it stands ${JSON.stringify(await textsOf(stage, place))}`,
  );
  return (await found()) ?? { text: "", buttons: [], files: [] };
}

/** What the bot has said in a place, oldest first. */
export async function textsOf(stage: Stage, place: Place = "direct"): Promise<readonly string[]> {
  return (await stage.standing(place)).map(({ text }) => text);
}

/** Waits until nothing is worked on: what is seen whole may still be on its way to its end. */
export async function untilIdle(stage: Stage): Promise<void> {
  const answers = async (): Promise<readonly string[]> =>
    (await textsOf(stage)).filter((text) => /Nothing is running\.|this conversation ·/u.test(text));
  for (;;) {
    const before = (await answers()).length;
    await stage.says("/agents");
    await until(
      async () => (await answers()).length > before,
      () => `${stage.name}: an answer to /agents`,
    );
    if ((await answers()).at(-1)?.includes("Nothing is running.") === true) return;
  }
}
