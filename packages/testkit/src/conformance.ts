export { describePlatform } from "./conformance/describe-platform.ts";
export type { CaseExceptions } from "./conformance/describe-platform.ts";
export { conformanceCases } from "./conformance/cases.ts";
export type { CaseName } from "./conformance/cases.ts";
export type { ConformanceCase } from "./conformance/case.ts";
export { runCase } from "./conformance/run-case.ts";
export type { CaseResult } from "./conformance/run-case.ts";
export type {
  FailureName,
  FailureScript,
  HarnessSetting,
  People,
  Place,
  Places,
  PlatformBench,
  PlatformHarness,
  Said,
  SampleFile,
  StandingMessage,
  WebhookHarness,
} from "./conformance/harness.ts";
