// The table
export { eventStates, verdicts } from "./events.ts";
export { isMethodName, maxPageRows, methods, pageRows } from "./methods.ts";
export type { DeliveryQuery, EventQuery, MethodName, ParamsOf, ResultOf } from "./methods.ts";
export type { Method } from "./method.ts";
export { isAllowed } from "./scope.ts";
export type { Scope } from "./scope.ts";

// Asking and answering
export { createClient } from "./client.ts";
export type { Client, ClientOptions } from "./client.ts";
export { createDispatcher } from "./dispatcher.ts";
export type { Caller, Dispatcher, DispatcherOptions, Handlers } from "./dispatcher.ts";
export { errorCodes, isRpcError, RpcError } from "./rpc-error.ts";
export type { RpcErrorKind, RpcErrorOptions } from "./rpc-error.ts";

// What stands on the wire
export type { RequestId, RpcErrorObject, RpcFailure, RpcRequest, RpcResponse, RpcSuccess } from "./envelope.ts";
export type { EventNotification, ProtocolEvent } from "./stream.ts";
export { eventKinds } from "./event-kinds.ts";
export type { EventKind } from "./event-kinds.ts";
export { maxChatTextLength } from "./chat.ts";
export type {
  ChatAnswer,
  ChatAsk,
  ChatAttachment,
  ChatHistory,
  ChatHistoryQuery,
  ChatMessage,
  ChatOutcome,
  ChatStarted,
  ChatStep,
} from "./chat.ts";
export type {
  RunningAnswer,
  RunningStep,
  SessionHit,
  SessionHits,
  SessionInfo,
  SessionList,
  SessionQuery,
  SessionSearch,
  SessionSubscribed,
  SessionSubscription,
  SessionTitle,
} from "./sessions.ts";
export type { AccessDecision, AccessEntry, AccessList, AccessQuestion } from "./access.ts";
export type {
  CommandInfo,
  CommandList,
  ConsoleCode,
  GatewayInfo,
  Health,
  Message,
  MessageEvidence,
  MessagePlace,
  TokenRotated,
  TokenRotation,
} from "./gateway.ts";
export type { Channel, ChannelList, ChannelQuery } from "./channels.ts";
export type { HomeChannel, MaintenanceTask, StoreInfo } from "./upkeep.ts";
export type { Delivery, DeliveryDetails, DeliveryPart, DeliveryState } from "./deliveries.ts";
export type { EventContent, EventDetails, EventRecord, EventState, Verdict } from "./events.ts";
export type { Outcome, Page } from "./page.ts";
export type { Author, Chat, MessageRef } from "./places.ts";
export type {
  PlatformAdmission,
  PlatformBreaker,
  PlatformDelivery,
  PlatformList,
  PlatformStatus,
  PlatformTransport,
} from "./platforms.ts";
export type { Timeline } from "./timeline.ts";
export { timelineSteps } from "./timeline-steps.ts";
export type { TimelineStep } from "./timeline-steps.ts";

// What a value must be
export type { Checked, Field, NamedShape, Shape } from "./shape.ts";
export type { FieldsOf, ObjectShape } from "./object-shape.ts";
