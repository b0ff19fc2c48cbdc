import { describePlatform } from "@hermes/testkit/conformance";
import { telegramHarness } from "./harness.ts";

describePlatform("Telegram, polled,", telegramHarness("polling"));
describePlatform("Telegram, pushed to,", telegramHarness("webhook"));
