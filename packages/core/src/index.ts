// The contract
export { definePlatform } from "./platform.ts";
export type {
  Acceptance,
  AnswerEnding,
  Connection,
  ConnectionOf,
  Cursor,
  Ended,
  HostSocket,
  Logger,
  Operations,
  OperationsOf,
  Platform,
  PlatformHost,
  ProgressEvent,
  Received,
} from "./platform.ts";
export { completeCapabilities } from "./capabilities.ts";
export type { AlbumRules, BurstWindows, CallLimit, Capabilities, CapabilityTable, SendPace } from "./capabilities.ts";
export type { Author, Chat, ChatRef, ChatType, MessageRef, Origin, ReplyGrant } from "./address.ts";
export type {
  ActionEvent,
  Attachment,
  CommandEvent,
  ControlEvent,
  DeleteEvent,
  EditEvent,
  MembershipEvent,
  MessageEvent,
  OtherEvent,
  PlatformEvent,
  ReactionEvent,
} from "./event.ts";
export type { Action, OutboundFile, OutboundMessage, SendOptions, Sent } from "./message.ts";
export type { LiveMessage, ReplyView, ToolStep } from "./live.ts";
export type { Json } from "./json.ts";

// What adapters have in common
export { BoundedMap } from "./bounded-map.ts";
export { checkOptions } from "./check-options.ts";
export { pause } from "./pause.ts";
export { keptPayload, payloadText } from "./payload.ts";

// What comes in by webhooks
export { readBody } from "./read-body.ts";
export type { BodyText } from "./read-body.ts";

// Errors
export { isPlatformError, PlatformError, toPlatformError } from "./platform-error.ts";
export type { Failure, PlatformErrorOptions } from "./platform-error.ts";

// Agents
export { isApproved, text, toAgent } from "./agent.ts";
export { withRun } from "./with-run.ts";
export type {
  Agent,
  AgentEvent,
  AgentFeatures,
  AgentFunction,
  AgentSession,
  AgentSetting,
  AgentTask,
  Answer,
  ApprovalOption,
  Chosen,
  HistoryEntry,
  Input,
  PlanEntry,
  Question,
  StopReason,
  ToolEffect,
  Turn,
  Usage,
} from "./agent.ts";
export type { AgentDelivery, AgentHost, AgentManifest, AgentOffer, DeliveredMessage, Machine } from "./agent-manifest.ts";

// Sessions
export { agentOfSession, backgroundOfSession, buildSessionKey, platformOfSession } from "./session-key.ts";
export type { SessionKey, SessionKeyOptions, SessionPlace } from "./session-key.ts";

// Manifests
export type {
  CheckResult,
  ConfigurationIssue,
  ConfigurationResult,
  ConfigurationSchema,
  EnvironmentName,
  PlatformManifest,
  SetupQuestion,
  TargetPlace,
} from "./manifest.ts";

// Streamed replies
export { createStreamConsumer } from "./reply/stream-consumer.ts";
export type { StreamConsumer, StreamConsumerOptions } from "./reply/stream-consumer.ts";
export { createConnectionSurface } from "./reply/connection-surface.ts";
export type { ConnectionSurfaceOptions } from "./reply/connection-surface.ts";
export { resumeReply, restartReply, startReply } from "./reply/start-reply.ts";
export type { KeptReply, RestartedReply } from "./reply/start-reply.ts";
export { isReplySettled, stepReply } from "./reply/step-reply.ts";
export { newPart } from "./reply/parts.ts";
export { dropPart, reopenPart } from "./reply/by-hand.ts";
export type {
  LiveLimits,
  Part,
  PartFile,
  ReplyContext,
  ReplyEffect,
  ReplyEnding,
  ReplyInput,
  ReplyMode,
  ReplyPhrases,
  ReplyState,
  ReplyStep,
  ShowRequest,
  UnknownSends,
  ShowResult,
} from "./reply/state.ts";
export type { ReplySurface } from "./reply/surface.ts";
export type { ProgressDisplay } from "./reply/progress-lines.ts";

// Time
export { createSteadyClock, systemClock } from "./clock.ts";
export type { Clock, ClockSources } from "./clock.ts";

// Text
export { splitMarkdown } from "./text/split-markdown.ts";
export type { MarkdownPart, SplitOptions } from "./text/split-markdown.ts";
export { codePointLength, utf16Length, utf8Length } from "./text/length.ts";
export { healMarkdown } from "./text/heal-markdown.ts";
export type { InterimMarkdown } from "./text/heal-markdown.ts";
export { emptyReasoningFilter, endReasoning, filterReasoning } from "./text/reasoning-filter.ts";
export type { FilteredText, ReasoningFilterState } from "./text/reasoning-filter.ts";
