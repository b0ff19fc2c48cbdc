import type { KeyFact } from "./keys.ts";

/** Keys that every platform's section has; they are the gateway's, not the platform's. */
export const platformKeys = [
  {
    key: "use",
    type: "text",
    description: "Kind of platform, or the name of a third party's package. Default: the section's name.",
  },
  {
    key: "enabled",
    type: "flag",
    default: true,
    description: "`false` switches the platform off, whatever the environment says.",
  },
  { key: "access.allow", type: "list", default: [], description: "User ids that are let in on this platform." },
  {
    key: "access.allowRoles",
    type: "list",
    default: [],
    description: "Ids of roles that let in whoever has them where they speak; on platforms that have roles.",
  },
  { key: "access.allowAll", type: "flag", default: false, description: "Lets everybody in on this platform." },
  {
    key: "supervision.connectTimeoutSeconds",
    type: "count",
    most: 3600,
    description:
      "How long one attempt to connect this platform may take. Default: as long as `supervision.connectTimeoutSeconds` says.",
  },
  {
    key: "busy.mode",
    type: "choice",
    choices: ["interrupt", "queue", "steer"],
    description: "What `busy.mode` says, for this platform.",
  },
  {
    key: "display.toolProgress",
    type: "choice",
    choices: ["off", "new", "all", "verbose"],
    description: "What `display.toolProgress` says, for this platform.",
  },
  {
    key: "display.cleanUpProgress",
    type: "flag",
    description: "What `display.cleanUpProgress` says, for this platform.",
  },
  {
    key: "burst.windowMs",
    type: "count",
    least: 0,
    most: 10_000,
    description:
      "How long more is waited for after a message that belongs to the same turn, such as an album's next picture; 0: not at all. Default: what suits the platform. docs/busy.md",
  },
  {
    key: "burst.splitWindowMs",
    type: "count",
    least: 0,
    most: 10_000,
    description: "The same after a text so long that people's clients cut it.",
  },
  {
    key: "access.admins",
    type: "list",
    default: [],
    description: "User ids that may look after the gateway on this platform.",
  },
  {
    key: "threadsRequireMention",
    type: "flag",
    default: false,
    description:
      "In threads too, only who names the bot is answered. Otherwise, where threads are conversations, who speaks in one in which the bot was spoken with means the bot.",
  },
  {
    key: "statusMarks",
    type: "flag",
    default: false,
    description: "Marks messages by reactions: 👀 while the agent is at work, then ✅ or ❌. Three more calls a message.",
  },
  {
    key: "homeChannel",
    type: "text",
    description:
      "Chat where the gateway tells what concerns it, and what `<platform>` alone as a target means: what stands behind `<platform>:` in one. /sethome counts more.",
  },
  {
    key: "restartNotice",
    type: "flag",
    default: true,
    description: "Tells of restarts in the platform's home channel. The gateway's own doors tell nothing.",
  },
] as const satisfies readonly KeyFact[];
