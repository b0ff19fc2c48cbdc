import { describePlatform } from "@hermes/testkit/conformance";
import { harness } from "./harness.ts";

describePlatform("Example", harness);
