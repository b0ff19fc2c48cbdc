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
