import type { CheckResult, Clock } from "@hermes/core";
import type { PlatformOutcome, UsablePlatform } from "../config/platform-section.ts";
import { describeProblem } from "../config/problem.ts";

/** What came of asking one configured platform. `skipped`: it is switched off, or has nothing that could be asked. */
export type PlatformCheck = { readonly id: string } & Finding;

type Finding =
  | { readonly state: "ok" | "skipped"; readonly summary: string }
  | { readonly state: "failed"; readonly summary: string; readonly remedy: string };

/** Somebody waits in front of it. */
const maxCheckMs = 20_000;

/** Asks every platform by its manifest's own check, all at once; whatever goes wrong in one concerns that one alone. */
export async function checkPlatforms(outcomes: readonly PlatformOutcome[], clock: Clock): Promise<readonly PlatformCheck[]> {
  return await Promise.all(outcomes.map((outcome) => checkOne(outcome, clock)));
}

async function checkOne(outcome: PlatformOutcome, clock: Clock): Promise<PlatformCheck> {
  const { id } = outcome;
  switch (outcome.state) {
    case "disabled":
      return { id, state: "skipped", summary: "It is switched off in the configuration" };
    case "broken":
      return {
        id,
        state: "failed",
        summary: "Its section cannot be used",
        remedy: outcome.problems.map(describeProblem).join("\n"),
      };
    case "usable":
      return { id, ...(await ask(outcome, clock)) };
  }
}

async function ask({ manifest, configuration }: UsablePlatform, clock: Clock): Promise<Finding> {
  if (manifest.check === undefined)
    return { state: "skipped", summary: `Its configuration is right; ${manifest.name} has nothing that could be asked` };
  const asking = new AbortController();
  const tooLong = Promise.withResolvers<CheckResult>();
  const cancel = clock.wakeAt(clock.now() + maxCheckMs, () => {
    asking.abort(new Error("The check took too long"));
    tooLong.resolve({
      ok: false,
      summary: `There was no answer within ${maxCheckMs / 1000} s`,
      remedy: `See that this machine reaches ${manifest.name}.`,
    });
  });
  try {
    const result = await Promise.race([manifest.check(configuration, asking.signal), tooLong.promise]);
    const summary = withoutStop(result.summary);
    return result.ok ? { state: "ok", summary } : { state: "failed", summary, remedy: result.remedy };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { state: "failed", summary: `Its package's own check failed: ${why}`, remedy: "Ask the package's author." };
  } finally {
    cancel();
  }
}

function withoutStop(text: string): string {
  return text.replace(/\.\s*$/u, "");
}
