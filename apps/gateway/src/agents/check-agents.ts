import type { CheckResult } from "@hermes/core";
import type { AgentSection } from "../config/agent-sections.ts";
import { createAgentHost, type AgentHostParts } from "./agent-host.ts";

/** What came of asking one configured agent. `skipped`: it has nothing that could be asked. */
export type AgentCheck =
  | { readonly name: string; readonly state: "ok" | "skipped"; readonly summary: string }
  | { readonly name: string; readonly state: "failed"; readonly summary: string; readonly remedy: string };

/** A program may take half a minute to start. */
const maxCheckMs = 60_000;

/** Asks every agent by its manifest's own check, all at once; whatever goes wrong in one concerns that one alone. */
export async function checkAgentsNow(
  sections: readonly AgentSection[],
  parts: AgentHostParts,
  signal: AbortSignal,
): Promise<readonly AgentCheck[]> {
  return await Promise.all(sections.map((section) => checkOne(section, parts, signal)));
}

async function checkOne(section: AgentSection, parts: AgentHostParts, signal: AbortSignal): Promise<AgentCheck> {
  const { name, manifest } = section;
  if (manifest === undefined) return { name, state: "skipped", summary: "echo says what was said to it, and needs nothing" };
  if (manifest.check === undefined)
    return { name, state: "skipped", summary: `Its configuration is right; ${manifest.name} has nothing that could be asked` };
  const time = new AbortController();
  const tooLong = Promise.withResolvers<CheckResult>();
  const timer = setTimeout(() => {
    time.abort(new Error("The check took too long"));
    const remedy = "See that this machine reaches what the agent needs.";
    tooLong.resolve({ ok: false, summary: `There was no answer within ${maxCheckMs / 1000} s`, remedy });
  }, maxCheckMs);
  try {
    const checking = manifest.check(section.configuration, createAgentHost(name, parts), AbortSignal.any([signal, time.signal]));
    const result = await Promise.race([checking, tooLong.promise]);
    const summary = result.summary.replace(/\.\s*$/u, "");
    return result.ok ? { name, state: "ok", summary } : { name, state: "failed", summary, remedy: result.remedy };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return { name, state: "failed", summary: `Its package's own check failed: ${why}`, remedy: "Ask the package's author." };
  } finally {
    clearTimeout(timer);
  }
}
