export { describePlatform } from "./conformance/describe-platform.ts";
export type {
  CaseExceptions,
  CaseName,
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
} from "./cases.ts";
