import type { GatewayInfo, HomeChannel, MaintenanceTask, PlatformStatus } from "@hermes/protocol";

/** What a running gateway tells of itself. */
export interface ToldStatus {
  readonly info: GatewayInfo;
  readonly platforms: readonly PlatformStatus[];
  readonly url: string;
}

/** Where there is nothing to tell, the key is there and says `null`. */
type Facts = Readonly<Record<string, unknown>>;

/** What `hermes gateway status --json` prints; docs/status.md tells what each key means. */
export function gatewayState({ info, platforms, url }: ToldStatus, nowMs: number): Facts {
  const { startedAtMs, runningTurns, busyConversations, store } = info;
  return {
    gateway_state: stateOf(info.phase),
    kind: "hermes-gateway",
    pid: info.pid ?? null,
    version: info.version,
    hermes_home: info.home ?? null,
    url,
    agent: info.agent,
    started_at: moment(startedAtMs),
    updated_at: moment(nowMs),
    uptime_seconds: Math.max(0, Math.round((nowMs - startedAtMs) / 1000)),
    ready: info.ready,
    reasons: info.reasons,
    active_agents: runningTurns,
    waiting_conversations: Math.max(0, busyConversations - runningTurns),
    connections: info.connections,
    memory: { resident_bytes: info.residentBytes, pressure: info.pressure ?? null },
    store:
      store === undefined
        ? null
        : { path: store.path, size_bytes: store.sizeBytes, writable: store.writable, refusal: store.refusal ?? null },
    platforms: Object.fromEntries([
      ...platforms.map((platform) => [platform.id, platformFacts(platform)] as const),
      ...(info.brokenPlatforms ?? []).map((id) => [id, unusable("fatal", "configuration", startedAtMs)] as const),
      ...(info.disabledPlatforms ?? []).map((id) => [id, unusable("disabled", null, startedAtMs)] as const),
    ]),
    home_channels: Object.fromEntries((info.homeChannels ?? []).map((home) => [home.platform, homeFacts(home)])),
    maintenance: (info.maintenance ?? []).map(taskFacts),
  };
}

/** The same where nobody is there to be asked. */
export function silentState(state: "stopped" | "starting", home: string, nowMs: number): Facts {
  return { gateway_state: state, kind: "hermes-gateway", pid: null, hermes_home: home, updated_at: moment(nowMs) };
}

function stateOf(phase: GatewayInfo["phase"]): string {
  return phase === "stopping" ? "draining" : (phase ?? "running");
}

/** States as earlier gateways call them; those they did not know keep their name. */
const platformStates: Readonly<Record<string, string>> = {
  up: "connected",
  waiting: "retrying",
  blocked: "retrying",
  tripped: "retrying",
  failed: "fatal",
  stopped: "disconnected",
};

function platformFacts(platform: PlatformStatus): Facts {
  const { state, reason, sinceMs, kind, name, retryAtMs, breaker, admission, delivery } = platform;
  const isWell = state === "up" || state === "connecting" || state === "stopped";
  return {
    state: platformStates[state] ?? state,
    error_code: isWell ? null : state,
    error_message: reason ?? null,
    updated_at: moment(sinceMs),
    kind,
    name: name ?? null,
    retry_at: moment(retryAtMs ?? breaker?.probeAtMs),
    received: admission.taken,
    refused: admission.refused,
    sent: delivery.sent,
    failed: delivery.failed,
    failure: delivery.failure ?? null,
  };
}

/** One that is configured and not there; the log says why. */
function unusable(state: string, code: string | null, sinceMs: number): Facts {
  const message = code === null ? null : "It is not configured rightly; the log says why";
  return { state, error_code: code, error_message: message, updated_at: moment(sinceMs) };
}

function homeFacts({ target, chat, by }: HomeChannel): Facts {
  return {
    target: target ?? null,
    chat_id: chat.chatId,
    thread_id: chat.threadId ?? null,
    name: chat.name ?? null,
    chosen_by: by,
  };
}

function taskFacts(task: MaintenanceTask): Facts {
  return {
    name: task.name,
    every_seconds: task.everyMs / 1000,
    running: task.isRunning,
    runs: task.runs,
    failures: task.failures,
    started_at: moment(task.startedAtMs),
    duration_ms: task.durationMs ?? null,
    ok: task.ok ?? null,
    result: task.result ?? null,
    next_at: moment(task.nextAtMs),
  };
}

function moment(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
