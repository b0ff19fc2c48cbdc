// The gateway
export { createGateway } from "./gateway.ts";
export type {
  AccessFacts,
  AccessPolicy,
  Announced,
  Announcement,
  CommandFacts,
  DrainOptions,
  Gateway,
  GatewayLimits,
  GatewayOptions,
  OwnerClaim,
  StopOptions,
} from "./options.ts";
export type { AdmissionFacts, DeliveryFacts, GatewayStatus, PlatformState, PlatformStatus } from "./gateway-status.ts";
export type { TransportFacts } from "./supervision/connection-watch.ts";
export type { BreakerFacts, ReplacedConnections, TurnedAway } from "./supervision/facts.ts";
export type { SupervisionOptions } from "./supervision/options.ts";
export type { BacklogPolicy } from "./backlog/backlog-policy.ts";
export type { BusyMode, BusyPolicy } from "./busy/busy-mode.ts";
export { parseBusyMode } from "./busy/busy-mode.ts";
export type { Hook, HookEvent } from "./hooks.ts";
export type { FileShelf } from "./media/file-shelf.ts";
export { changedMessage } from "./changed-message.ts";
export type { RestartOptions, RestartOutcome } from "./restart/restart-desk.ts";
export type { EndPurpose } from "./restart/draining-notices.ts";
export type { Admission } from "./admission.ts";
export type { Language } from "./catalogue/languages.ts";

// Agents
export { fetchOutside } from "./fetch-outside.ts";
export { routedAgent } from "./agents/route.ts";
export type { AgentRoute, RoutedPlace } from "./agents/route.ts";
export type { ApprovalPolicy } from "./turn/approvals.ts";

// Ports
export { createMemoryStore } from "./memory/memory-store.ts";
export type { MemoryStoreOptions } from "./memory/memory-store.ts";
export { isStoreError, StoreError } from "./store-error.ts";
export type { StoreErrorCode } from "./store-error.ts";
export type {
  Accepted,
  AccessGrant,
  Asking,
  ClaimedTurn,
  NumberedEvent,
  ClaimRequest,
  CutOff,
  EventBatch,
  EventIntake,
  IntakeWork,
  InterruptedTurn,
  JournalledTool,
  MemoryEntry,
  Notice,
  Opened,
  ParkedChat,
  QueuedEvent,
  QueuedLane,
  Retention,
  Said,
  SaidEntry,
  SaidNotice,
  SaidQuery,
  SearchHit,
  SessionRecord,
  Store,
  Steering,
  StepRecord,
  StoredEntry,
  StoredQuestion,
  StoredReply,
  TranscriptEntry,
  TurnEnding,
  TurnStep,
  UndoneTurn,
  UnsettledReply,
  UpkeepKind,
  UsageQuery,
  UsageRecord,
  UsageTotal,
  Verdict,
  WaitingMessage,
} from "./store.ts";
export { createProcessLocks } from "./locks.ts";
export type { Lease, Locks } from "./locks.ts";

// The ledger, for people who look after the gateway
export { createLedger } from "./ledger/create-ledger.ts";
export type { LedgerHands, LedgerOptions } from "./ledger/create-ledger.ts";
export type {
  Delivery,
  DeliveryDetails,
  DeliveryPart,
  DeliveryQuery,
  DeliveryState,
  EventDetails,
  EventQuery,
  EventState,
  Ledger,
  LedgerEvent,
  LedgerOutcome,
  Page,
  Timeline,
} from "./ledger/ledger.ts";

// Where things are said that nobody asked for there
export { aliasFault } from "./delivery/alias.ts";
export type { Channel, Delivered, DeliveryOptions, DeliveryRequest } from "./delivery/delivery.ts";
export type { HomeChannel } from "./delivery/home-channels.ts";
export type { TargetForm } from "./delivery/target-form.ts";
export { isTargetError, TargetError } from "./delivery/target-error.ts";
export type { TargetErrorCode } from "./delivery/target-error.ts";

// Maintenance
export type { MaintenanceFacts, MaintenanceResult, MaintenanceTask, MaintenanceWork } from "./maintenance/task.ts";

// Conversations, as people look at them
export type {
  Conversation,
  ConversationQuery,
  Conversations,
  Found,
  HistoryQuery,
  Message,
} from "./conversations/conversations.ts";
