import { describePlatform } from "@hermes/testkit/conformance";
import { slackHarness } from "./harness.ts";

describePlatform("Slack, by socket,", slackHarness({ mode: "socket" }));
describePlatform("Slack, by socket in assistant threads,", slackHarness({ mode: "socket", isAssistant: true }));
describePlatform("Slack, pushed to,", slackHarness({ mode: "http" }));
