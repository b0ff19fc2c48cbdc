// The gateway
export { createGateway } from "./gateway.ts";
export type {
  AccessPolicy,
  Gateway,
  GatewayLimits,
  GatewayOptions,
  GatewayStatus,
  OwnerClaim,
  PlatformState,
  PlatformStatus,
  StopOptions,
} from "./options.ts";
export type { Language } from "./catalogue/languages.ts";

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
  DroppedEvent,
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
  SearchHit,
  SessionRecord,
  Store,
  StoredEntry,
  StoredQuestion,
  StoredReply,
  TranscriptEntry,
  TurnEnding,
  TurnStep,
  UnsettledReply,
  Verdict,
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
