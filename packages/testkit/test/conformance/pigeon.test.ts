import { describePlatform } from "../../src/conformance.ts";
import { pigeonHarness } from "../pigeon/harness.ts";

describePlatform("The good platform, polled,", pigeonHarness("polling"));
describePlatform("The good platform, pushed to,", pigeonHarness("webhook"));
describePlatform("The good platform, pushed to with signatures,", pigeonHarness("signed"));
