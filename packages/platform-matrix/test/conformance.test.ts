import { describePlatform } from "@hermes/testkit/conformance";
import { matrixHarness } from "./harness.ts";

describePlatform("Matrix", matrixHarness);
