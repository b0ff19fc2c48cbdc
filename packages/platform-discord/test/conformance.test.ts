import { describePlatform } from "@hermes/testkit/conformance";
import { discordHarness } from "./harness.ts";

describePlatform("Discord", discordHarness);
