import { describe, expect, it } from "vitest";
import { crashPoints } from "@hermes/runtime/testing";
import { dieAt, reachablePoints } from "./crash-points.ts";
import type { PostOfficeAbilities } from "./post-office-server.ts";

/** Two cores: while one process starts, another waits for its disk. */
const atATime = 3;

/** Ends a real process once at every point it passes, and looks at what the next one makes of it. */
export function describeCrashPoints(abilities: PostOfficeAbilities): void {
  describe(`On a platform of style ${abilities.style} that tells ${abilities.tells} whether something was sent, a process`, () => {
    it("may end at any point: nothing is lost, out of order, paid twice, or said twice without a mark", async () => {
      const points = await reachablePoints(abilities);
      expect(points.length).toBeGreaterThan(20);
      expect(crashPoints).toEqual(expect.arrayContaining([...points]));
      const left = [...points];
      const faults: string[] = [];
      const work = async (): Promise<void> => {
        for (let point = left.shift(); point !== undefined; point = left.shift()) {
          const aftermath = await dieAt(abilities, point);
          faults.push(...aftermath.faults.map((fault) => `${point}: ${fault}`));
          if (!aftermath.wasReached) faults.push(`${point} was not reached`);
        }
      };
      await Promise.all(Array.from({ length: atATime }, work));
      expect(faults).toEqual([]);
    });
  });
}
