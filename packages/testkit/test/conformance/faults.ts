import type { CaseName } from "../../src/cases.ts";
import { acknowledgingFaults } from "./faults/acknowledging.ts";
import { albumsFaults } from "./faults/albums.ts";
import { capabilitiesFaults } from "./faults/capabilities.ts";
import { changingFaults } from "./faults/changing.ts";
import { eventsFaults } from "./faults/events.ts";
import { failingFaults } from "./faults/failing.ts";
import { filesFaults } from "./faults/files.ts";
import { lifecycleFaults } from "./faults/lifecycle.ts";
import { liveFaults } from "./faults/live.ts";
import { sendingFaults } from "./faults/sending.ts";
import { webhookFaults } from "./faults/webhook.ts";
import type { Fault } from "./faults/ways-to-be-bad.ts";

/** For each case a fault that it alone sees, or that others see as well for a reason. They lie in the files of their cases' names. */
export const faults: Readonly<Record<CaseName, Fault>> = {
  ...lifecycleFaults,
  ...capabilitiesFaults,
  ...sendingFaults,
  ...changingFaults,
  ...liveFaults,
  ...eventsFaults,
  ...acknowledgingFaults,
  ...filesFaults,
  ...albumsFaults,
  ...failingFaults,
  ...webhookFaults,
};
