import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { houseIn } from "./house.ts";
import { openTown, type Town, type TownName } from "./towns.ts";

/** Three kills in a row would be a crash loop, which the gateway goes into with care: then comes a planned stop. */
const ends = ["SIGKILL", "SIGKILL", "SIGTERM", "SIGKILL", "SIGKILL"] as const;
/** People wait for answers: more than so many are never open. */
const maxOpen = 6;
const mark = "(This may be a repetition.)";

/** Small numbers that look like chance and are the same each time. */
function* chances(seed: number): Generator<number, never> {
  for (let state = seed; ; state = (state * 48_271) % 2_147_483_647) yield state / 2_147_483_647;
}

/** Says one thing after the other until `over`; resolves with how many were said. */
async function talk(town: Town, over: AbortSignal, chance: Generator<number, never>): Promise<number> {
  for (let said = 0; ;) {
    if (over.aborted) return said;
    const answered = (await town.answers()).filter(({ text }) => text.includes("echo: m")).length;
    if (said - answered < maxOpen) {
      said += 1;
      await town.says(`m${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20 + 300 * chance.next().value));
  }
}

// Platforms that let a bot say more are not slowed down here: what is looked for is what kills do.
const quick: Readonly<Partial<Record<Town["name"], Readonly<Record<string, unknown>>>>> = {
  matrix: { pace: "none" },
  telegram: { pace: "none", drafts: false },
};

/** Kills a gateway on one platform again and again while people talk there. */
export function describeKills(name: TownName): void {
  describe(`On ${name}, a gateway that is killed again and again while people talk`, () => {
    it("answers everything, in order, and nothing twice but what is marked", async () => {
      const chance = chances(4711);
      const town = await openTown(name);
      const house = await houseIn([town], quick[name] ?? {});
      await stop(await house.serve());
      const over = new AbortController();
      const talking = talk(town, over.signal, chance);
      for (const end of ends) {
        const hermes = await house.serve();
        await new Promise((resolve) => setTimeout(resolve, 1200 * chance.next().value));
        hermes.process.kill(end);
        await hermes.ended();
      }
      over.abort();
      const said = await talking;
      const last = await house.serve();
      await town.bench.redeliver?.();
      await town.sees(new RegExp(`echo: m${said}$`, "u"));
      await stop(last);
      const answers = (await town.answers()).map(({ text }) => text).filter((text) => text.includes("echo: m"));
      const numbers = (texts: readonly string[]): readonly number[] => texts.map((text) => Number(/m(\d+)$/u.exec(text)?.[1]));
      const unmarked = numbers(answers.filter((text) => !text.includes(mark)));
      const everything = Array.from({ length: said }, (_, index) => index + 1);
      expect(unmarked).toEqual([...new Set(unmarked)].toSorted((a, b) => a - b));
      expect([...new Set(numbers(answers))].toSorted((a, b) => a - b)).toEqual(everything);
      if (name === "discord" || name === "matrix" || name === "slack") expect(unmarked).toEqual(everything);
    });
  });
}
