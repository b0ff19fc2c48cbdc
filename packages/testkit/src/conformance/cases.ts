import type { ConformanceCase } from "./case.ts";
import { acknowledgingCases } from "./cases/acknowledging.ts";
import { albumCases } from "./cases/albums.ts";
import { capabilityCases } from "./cases/capabilities.ts";
import { changingCases } from "./cases/changing.ts";
import { eventCases } from "./cases/events.ts";
import { failureCases } from "./cases/failing.ts";
import { fileCases } from "./cases/files.ts";
import { lifecycleCases } from "./cases/lifecycle.ts";
import { liveCases } from "./cases/live.ts";
import { sendingCases } from "./cases/sending.ts";
import { webhookCases } from "./cases/webhook.ts";

const all = [
  ...lifecycleCases,
  ...capabilityCases,
  ...sendingCases,
  ...changingCases,
  ...liveCases,
  ...eventCases,
  ...acknowledgingCases,
  ...fileCases,
  ...albumCases,
  ...failureCases,
  ...webhookCases,
] as const;

/** The name of a case; the list is closed. */
export type CaseName = (typeof all)[number]["name"];

/** Every case, in the order they are played. */
export const conformanceCases: readonly ConformanceCase<CaseName>[] = all;
