import type { GatewayStatus } from "@hermes/runtime";

/** What is counted beside the gateway's own status. */
export interface ProcessFacts {
  readonly connections: number;
  readonly residentBytes: number;
  readonly startedAtMs: number;
  readonly isReady: boolean;
}

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

/** The gateway's state in the text format of Prometheus. */
export function metricsText(status: GatewayStatus, facts: ProcessFacts): string {
  return `${metricsOf(status, facts).map(textOf).join("\n")}\n`;
}

function metricsOf(status: GatewayStatus, facts: ProcessFacts): readonly Metric[] {
  const { platforms } = status;
  const gauge = (name: string, help: string, value: number): Metric => ({ name, type: "gauge", help, samples: [{ value }] });
  const perPlatform = (
    name: string,
    type: Metric["type"],
    help: string,
    valueOf: (platform: GatewayStatus["platforms"][number]) => number,
  ): Metric => ({
    name,
    type,
    help,
    samples: platforms.map((platform) => ({ labels: { platform: platform.id }, value: valueOf(platform) })),
  });
  return [
    gauge("hermes_ready", "1 when the gateway does what it is configured for.", Number(facts.isReady)),
    gauge("hermes_start_time_seconds", "When the process started, since the epoch.", facts.startedAtMs / 1000),
    gauge("hermes_resident_memory_bytes", "Memory of the process.", facts.residentBytes),
    gauge("hermes_turns_running", "Answers that are being made.", status.runningTurns),
    gauge("hermes_conversations_busy", "Conversations with anything to do.", status.busyLanes),
    gauge("hermes_connections", "Sockets that are open.", facts.connections),
    gauge("hermes_store_writable", "0 when the store refused the last write.", Number(status.storeWritable)),
    { ...gauge("hermes_events_undecodable_total", "Events that no adapter understood.", status.undecodable), type: "counter" },
    perPlatform("hermes_platform_up", "gauge", "1 when the platform is connected.", ({ condition }) =>
      Number(condition.state === "up"),
    ),
    perPlatform(
      "hermes_platform_breaker_open",
      "gauge",
      "1 when the platform is left alone after too many failures.",
      (platform) => Number(platform.condition.state === "tripped"),
    ),
    perPlatform(
      "hermes_platform_failures_in_a_row",
      "gauge",
      "Failures since the platform last was up for a while.",
      (platform) => platform.breaker?.failures ?? 0,
    ),
    perPlatform("hermes_platform_suspect", "gauge", "1 when the connection may no longer be alive.", ({ doubt }) =>
      Number(doubt !== undefined),
    ),
    perPlatform(
      "hermes_connections_replaced_total",
      "counter",
      "Dead connections that were replaced.",
      ({ replaced }) => replaced?.count ?? 0,
    ),
    perPlatform(
      "hermes_requests_turned_away",
      "gauge",
      "Requests not taken since the platform was paused.",
      ({ turnedAway }) => turnedAway?.count ?? 0,
    ),
    perPlatform("hermes_events_taken_total", "counter", "Events that were let in.", ({ admission }) => admission.taken),
    perPlatform("hermes_events_refused_total", "counter", "Events that were not let in.", ({ admission }) => admission.refused),
    perPlatform("hermes_calls_sent_total", "counter", "Calls to the platform that worked.", ({ delivery }) => delivery.sent),
    perPlatform("hermes_calls_failed_total", "counter", "Calls to the platform that failed.", ({ delivery }) => delivery.failed),
  ];
}

function textOf({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n");
}

function escaped(text: string): string {
  return text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}
