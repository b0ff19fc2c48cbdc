import type { MediaConfiguration } from "@hermes/media";
import type { Merged } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { missingVariable, sectionProblem } from "./read-key.ts";
import { describeIssue, nest } from "./section.ts";
import type { Setting } from "./setting.ts";

const root = ["media"];

/** What the section `media` is known by; read only where somebody wrote one. */
export type MediaFacts = Awaited<ReturnType<typeof loadMediaFacts>>;

/** The facts of the section, if any of the settings lies in it: a command that calls nobody loads no schema for nothing. */
export async function mediaFactsFor(settings: readonly Setting[]): Promise<MediaFacts | undefined> {
  return settings.some(({ path }) => path[0] === root[0]) ? await loadMediaFacts() : undefined;
}

async function loadMediaFacts() {
  const { mediaConfigurationJsonSchema, mediaConfigurationSchema, mediaSecrets } = await import("@hermes/media/configuration");
  return { jsonSchema: mediaConfigurationJsonSchema, schema: mediaConfigurationSchema, secrets: mediaSecrets };
}

/** How what people send is read; without a section, by the defaults. */
export async function readMediaSection(
  merged: Merged,
  facts: MediaFacts | undefined,
): Promise<{ readonly media: MediaConfiguration; readonly problems: readonly Problem[] }> {
  if (facts === undefined) return { media: {}, problems: [] };
  const section = sectionProblem(merged, root);
  if (section !== undefined) return { media: {}, problems: [section] };
  const winners = merged.under(root);
  const missing = winners.map(({ setting }) => missingVariable(setting)).filter((problem) => problem !== undefined);
  if (missing.length > 0) return { media: {}, problems: missing };
  const result = await facts.schema["~standard"].validate(nest(winners, root));
  if (result.issues === undefined) return { media: result.value, problems: [] };
  const manifest = { secrets: facts.secrets, documentationUrl: "docs/media.md" };
  return { media: {}, problems: result.issues.map((issue) => describeIssue(issue, { root, manifest, merged, winners })) };
}
