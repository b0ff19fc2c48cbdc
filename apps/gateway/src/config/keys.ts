import { agentGatewayKeys } from "./agent-gateway-keys.ts";
import type { KeyFact } from "./key-fact.ts";

export type { KeyFact } from "./key-fact.ts";

/** Every key of the gateway itself; what stands under `platforms.<name>` is the platform's, but for `platformKeys`. */
export const gatewayKeys = [
  {
    key: "server.host",
    type: "text",
    default: "127.0.0.1",
    description: "Address the gateway listens on.",
  },
  {
    key: "server.port",
    type: "port",
    default: 8642,
    description: "Port the gateway listens on; 0 takes any free one.",
  },
  {
    key: "server.token",
    type: "text",
    secret: true,
    environment: "HERMES_TOKEN",
    description: "Bearer token that may do everything. Without it one is made for this home.",
  },
  {
    key: "server.previousToken",
    type: "text",
    secret: true,
    description: "The token before `server.token`, still good until `server.previousTokenUntil`.",
  },
  {
    key: "server.previousTokenUntil",
    type: "text",
    description: "When the previous token ends and its sockets are closed, such as 2026-12-31T12:00:00Z.",
  },
  {
    key: "server.writeToken",
    type: "text",
    secret: true,
    description: "Bearer token that may chat and read, but not change how the gateway runs.",
  },
  { key: "server.readToken", type: "text", secret: true, description: "Bearer token that may only read." },
  {
    key: "server.publicUrl",
    type: "text",
    description: "Address that people use, where a proxy or a name stands in front: https://hermes.example.org",
  },
  {
    key: "server.trustedProxies",
    type: "list",
    default: [],
    description: "Addresses and networks of proxies whose forwarding headers are believed, such as 10.0.0.0/8.",
  },
  {
    key: "server.allowAddresses",
    type: "list",
    default: [],
    description:
      "Addresses and networks that reach the page, the API and the sockets. Empty: all. Webhooks stay open to their platforms.",
  },
  {
    key: "server.tls.certificate",
    type: "text",
    description: "File with the certificate in PEM; with `server.tls.key` the gateway encrypts by itself.",
  },
  { key: "server.tls.key", type: "text", description: "File with the certificate's private key in PEM." },
  {
    key: "store.url",
    type: "text",
    default: "sqlite:gateway/hermes.db",
    description: "Where everything is kept; a relative path starts at $HERMES_HOME.",
  },
  {
    key: "store.synchronous",
    type: "choice",
    choices: ["full", "normal"],
    default: "full",
    description:
      "What a power cut can cost: `full` nothing that was acknowledged or sent, `normal` the last moments. docs/storage.md",
  },
  {
    key: "outbox.unknown",
    type: "choice",
    choices: ["repeat-marked", "leave", "ask"],
    default: "repeat-marked",
    description:
      "A send nobody can know the outcome of: `repeat-marked` sends it once more with a mark, `leave` counts it as sent, `ask` has the reader decide. docs/reliability.md",
  },
  {
    key: "outbox.images",
    type: "choice",
    choices: ["links", "files"],
    default: "links",
    description:
      "Images that an answer shows by their addresses: `links` leaves them in the text, `files` has the gateway fetch them and send them along. docs/files-and-buttons.md",
  },
  {
    key: "busy.mode",
    type: "choice",
    choices: ["interrupt", "queue", "steer"],
    description:
      "A message that comes while its conversation is being answered: `interrupt` cuts the answer off, `queue` waits, `steer` reaches the agent at its next step. Default: `interrupt`, and `queue` on the gateway's own doors. /busy counts more. docs/busy.md",
  },
  {
    key: "busy.chats",
    type: "list",
    default: [],
    description: "The same for single chats, as `<platform>:<chat>=<mode>`.",
  },
  {
    key: "busy.acknowledge",
    type: "flag",
    default: true,
    description: "Tells people what becomes of such a message.",
  },
  {
    key: "backlog.maxAgeHours",
    type: "count",
    most: 87_600,
    default: 24,
    description:
      "Messages that came while a platform was away: what is older than this when it is back is not answered, and people are told so. docs/platforms-that-stay-alive.md",
  },
  {
    key: "backlog.tellAfterMinutes",
    type: "count",
    most: 525_600,
    default: 10,
    description: "How long a platform must have been away for people to be told.",
  },
  {
    key: "supervision.breaker.failures",
    type: "count",
    most: 1000,
    default: 10,
    description:
      "So many failures in a row, and a platform is left alone for a while instead of being tried again and again. docs/platforms-that-stay-alive.md",
  },
  {
    key: "supervision.breaker.resume",
    type: "choice",
    choices: ["automatic", "manual"],
    default: "automatic",
    description:
      "A platform that is left alone: `automatic` tries it again after 5 minutes and ever longer, up to an hour; `manual` waits for `/platform resume`.",
  },
  {
    key: "supervision.connectTimeoutSeconds",
    type: "count",
    most: 3600,
    default: 30,
    description: "How long one attempt to connect a platform may take.",
  },
  {
    key: "store.keepBodiesDays",
    type: "days",
    default: 30,
    description: "How long events and answers are kept after they are settled, for recognising repetitions and for looking into.",
  },
  {
    key: "store.keepHistoryDays",
    type: "days",
    description: "How long what was said is kept. Without it: for ever.",
  },
  ...agentGatewayKeys,
  {
    key: "restart.mode",
    type: "choice",
    choices: ["drain", "interrupt"],
    default: "drain",
    description:
      "Answers that run when the gateway is stopped or restarted: `drain` lets them end first, `interrupt` does not. The next start goes on with what is unfinished. docs/restart.md",
  },
  {
    key: "restart.drainSeconds",
    type: "count",
    least: 0,
    most: 86_400,
    default: 20,
    description: "How long they may take. A service manager's time-out has to be 10 seconds longer.",
  },
  {
    key: "restart.by",
    type: "choice",
    choices: ["auto", "itself", "manager"],
    default: "auto",
    description:
      "Who starts the gateway again after /restart: `itself`, or with exit code 75 the service `manager`. `auto`: itself in a terminal. docs/restart.md",
  },
  {
    key: "access.allow",
    type: "list",
    default: [],
    environment: "GATEWAY_ALLOWED_USERS",
    description: "User ids that are let in: `<platform>:<user id>`, or an id alone for every platform that has such ids.",
  },
  {
    key: "access.allowAll",
    type: "flag",
    default: false,
    environment: "GATEWAY_ALLOW_ALL_USERS",
    description: "Lets everybody in, on every platform.",
  },
  {
    key: "access.admins",
    type: "list",
    default: [],
    description:
      "User ids that may look after the gateway in a chat (/sethome); written as in `access.allow`. It lets nobody in. Default: the owner, else those who are let in by their id.",
  },
  {
    key: "delivery.aliases",
    type: "map",
    description: 'Targets by another name: `team: "telegram:-1001234567890"`. docs/delivery.md',
  },
  {
    key: "language",
    type: "choice",
    choices: ["en", "zh-CN"],
    default: "en",
    description: "Language of what the gateway itself says.",
  },
  {
    key: "log.level",
    type: "choice",
    choices: ["debug", "info", "warn", "error"],
    default: "info",
    environment: "HERMES_LOG_LEVEL",
    description: "How much is logged.",
  },
] as const satisfies readonly KeyFact[];

export type GatewayKey = (typeof gatewayKeys)[number]["key"];

/** The facts of a key of the gateway itself. */
export function gatewayKey(key: GatewayKey): KeyFact {
  const found = gatewayKeys.find((fact) => fact.key === key);
  if (found === undefined) throw new TypeError(`There is no key ${key}`);
  return found;
}

/** Whether a key's name alone says that its value is nobody's business. */
export function soundsSecret(path: readonly string[]): boolean {
  if (path.at(-1) === "previousTokenUntil") return false;
  return /token|secret|passw|passphrase|credential|api_?key|private_?key/iu.test(path.at(-1) ?? "");
}
