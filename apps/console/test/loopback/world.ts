import type { AccessEntry, ChatMessage, DeliveryDetails, EventDetails, PlatformStatus } from "@hermes/protocol";
import { LoopbackConversation } from "./conversations.ts";
import { chineseAnswer, longAnswer, richAnswer, shortAnswer } from "./texts.ts";

/** Everything the loopback gateway knows, in memory. */
export interface World {
  readonly conversations: Map<string, LoopbackConversation>;
  readonly platforms: PlatformStatus[];
  readonly deliveries: DeliveryDetails[];
  readonly events: EventDetails[];
  readonly access: AccessEntry[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A gateway that has been in use for a while, or a fresh one. */
export function createWorld(nowMs: number, isEmpty: boolean): World {
  const world: World = { conversations: new Map(), platforms: [], deliveries: [], events: [], access: [] };
  if (isEmpty) return world;
  addConversations(world, nowMs);
  addPlatforms(world, nowMs);
  addTraffic(world, nowMs);
  world.access.push(
    { platform: "*", userId: "ada", by: "configured" },
    { platform: "telegram", userId: "482913377", by: "owner", sinceMs: nowMs - 40 * dayMs },
    { platform: "work-slack", userId: "U04QW2E8L", by: "configured" },
  );
  return world;
}

function addConversations(world: World, nowMs: number): void {
  const web = (suffix: string, title: string, ageMs: number): LoopbackConversation => {
    const key = `agent:main:web:dm:ada.${suffix}`;
    const conversation = new LoopbackConversation(
      key,
      { platform: "web", chatId: `ada.${suffix}`, type: "dm" },
      title,
      nowMs - ageMs,
    );
    world.conversations.set(key, conversation);
    return conversation;
  };
  const slow = web("k3v9x2m7qa", "Why is the event list slow?", 6 * minuteMs);
  say(slow, nowMs - 5 * minuteMs, "The list of events takes two seconds since last week. Can you find out why?", richAnswer, [
    { call_id: "a", title: "Reading packages/store/schema.ts", state: "done", summary: "214 lines" },
    { call_id: "b", title: "Running EXPLAIN QUERY PLAN", state: "done", summary: "3 steps, one full scan" },
    { call_id: "c", title: "Searching the issue tracker", state: "failed", summary: "No answer within 10 s" },
  ]);
  const other = (key: string, platform: string, name: string, title: string, ageMs: number): LoopbackConversation => {
    const conversation = new LoopbackConversation(key, { platform, chatId: "-1001", type: "group", name }, title, nowMs - ageMs);
    world.conversations.set(key, conversation);
    return conversation;
  };
  const family = other("agent:main:telegram:group:-1001:482913377", "telegram", "Family", "Dinner on Thursday", 2 * hourMs);
  say(family, nowMs - 2 * hourMs, "Put dinner on Thursday into the calendar, half past two", shortAnswer);
  family.messages.push({
    message_id: "n1",
    role: "notice",
    text: "The gateway was restarted. Nothing was lost.",
    timestamp: new Date(nowMs - 90 * minuteMs).toISOString(),
  });
  say(web("w8n4b6t2re", "", 5 * hourMs), nowMs - 5 * hourMs, "帮我安排一下今天的开发计划", chineseAnswer);
  say(
    other(
      "agent:main:work-slack:thread:C1:172",
      "work-slack",
      "#deployments",
      "Deployment of 1.42 and what went wrong with the health checks on node three",
      dayMs,
    ),
    nowMs - dayMs,
    "What happened at 14:02?",
    shortAnswer,
  );
  const failing = web("h5j7c9d3fs", "Weekly report", 26 * hourMs);
  say(failing, nowMs - 26 * hourMs, "Write the weekly report", shortAnswer);
  failing.messages.push({
    message_id: "f1",
    role: "user",
    text: "And now send it to everybody",
    timestamp: new Date(nowMs - 25 * hourMs).toISOString(),
    state: "failed",
  });
  const long = web("longlonglo", "A long conversation about everything", 4 * dayMs);
  for (let index = 0; index < 130; index += 1) {
    say(
      long,
      nowMs - 4 * dayMs + index * minuteMs,
      `Question number ${index + 1} of many`,
      index % 10 === 9 ? longAnswer : shortAnswer,
    );
  }
  for (const [index, title] of [
    "Holiday in the mountains",
    "Which camera?",
    "Tax return",
    "Names for a cat",
    "Sourdough, second try",
  ].entries()) {
    say(web(`old${index}oldold`, title, (9 + 12 * index) * dayMs), nowMs - (9 + 12 * index) * dayMs, title, shortAnswer);
  }
}

let lastMessage = 0;

function say(to: LoopbackConversation, atMs: number, text: string, answer: string, steps: ChatMessage["steps"] = []): void {
  lastMessage += 1;
  const message_id = `m${lastMessage}`;
  to.messages.push(
    { message_id, role: "user", text, timestamp: new Date(atMs).toISOString(), state: "finished" },
    { message_id, role: "assistant", text: answer, timestamp: new Date(atMs + 20_000).toISOString(), steps },
  );
}

function addPlatforms(world: World, nowMs: number): void {
  world.platforms.push(
    {
      id: "web",
      kind: "web",
      state: "up",
      sinceMs: nowMs - 3 * dayMs,
      admission: { taken: 214, refused: 0, takenAtMs: nowMs - 5 * minuteMs },
      delivery: { sent: 611, failed: 0, sentAtMs: nowMs - 4 * minuteMs },
    },
    {
      id: "telegram",
      kind: "telegram",
      name: "@ada_helper_bot",
      state: "up",
      sinceMs: nowMs - 14 * hourMs,
      admission: { taken: 1932, refused: 47, takenAtMs: nowMs - 12_000, refusedAtMs: nowMs - 3 * hourMs },
      delivery: {
        sent: 4120,
        failed: 3,
        sentAtMs: nowMs - 9_000,
        failedAtMs: nowMs - 9 * hourMs,
        failure: "Too many requests: retry after 11 s",
      },
      transport: { state: "up", sinceMs: nowMs - 14 * hourMs, heardAtMs: nowMs - 21_000 },
    },
    {
      id: "irc",
      kind: "irc",
      name: "hermes",
      state: "tripped",
      sinceMs: nowMs - 12 * minuteMs,
      reason: "Cannot connect: no answer within 30 s",
      breaker: { phase: "open", failures: 11, openedAtMs: nowMs - 17 * minuteMs, probeAtMs: nowMs + 8 * minuteMs },
      admission: { taken: 41, refused: 0, takenAtMs: nowMs - 40 * minuteMs },
      delivery: {
        sent: 87,
        failed: 5,
        sentAtMs: nowMs - 39 * minuteMs,
        failedAtMs: nowMs - 31 * minuteMs,
        failure: "unavailable",
      },
    },
    {
      id: "work-slack",
      kind: "slack",
      name: "hermes",
      state: "waiting",
      sinceMs: nowMs - 4 * minuteMs,
      reason: "The socket was closed by the other side (code 1006)",
      retryAtMs: nowMs + 42_000,
      admission: { taken: 388, refused: 2, takenAtMs: nowMs - 6 * minuteMs, refusedAtMs: nowMs - 2 * dayMs },
      delivery: {
        sent: 902,
        failed: 12,
        sentAtMs: nowMs - 6 * minuteMs,
        failedAtMs: nowMs - 4 * minuteMs,
        failure: "The connection was lost while a message was on its way",
      },
    },
    {
      id: "matrix",
      kind: "matrix",
      state: "failed",
      sinceMs: nowMs - 2 * hourMs,
      reason: "The access token was refused (M_UNKNOWN_TOKEN). Log in again and put the new token into the configuration.",
      admission: { taken: 0, refused: 0 },
      delivery: { sent: 0, failed: 0 },
    },
    {
      id: "discord",
      kind: "discord",
      name: "Hermes#4410",
      state: "paused",
      sinceMs: nowMs - 6 * dayMs,
      turnedAway: 3,
      turnedAwayAtMs: nowMs - hourMs,
      admission: { taken: 77, refused: 9, takenAtMs: nowMs - 6 * dayMs, refusedAtMs: nowMs - 7 * dayMs },
      delivery: { sent: 160, failed: 0, sentAtMs: nowMs - 6 * dayMs },
    },
  );
}

const deliveryStates = ["running", "sending", "queued", "sent", "failed", "sent", "sent", "unknown", "parked", "sent"] as const;

function addTraffic(world: World, nowMs: number): void {
  for (let index = 0; index < 128; index += 1) addDelivery(world, index, nowMs - index * 7 * minuteMs);
  const rules = [
    ["run", "owner"],
    ["run", "allowed-users"],
    ["refuse", "unknown-sender"],
    ["observe", "not-mentioned"],
    ["pair", "claim-code"],
  ] as const;
  for (let index = 0; index < 90; index += 1) {
    const [verdict, rule] = rules[(index * 3) % rules.length] ?? rules[0];
    const seq = 4200 - index;
    world.events.push({
      seq,
      platform: index % 3 === 0 ? "work-slack" : "telegram",
      eventId: `update-${881_204_110 + seq}`,
      verdict,
      rule,
      state: verdict === "run" ? "taken" : "recorded",
      atMs: nowMs - index * 4 * minuteMs,
      sessionKey: "agent:main:telegram:group:-1001:482913377",
      ...(verdict === "refuse"
        ? {}
        : {
            content: {
              type: "message",
              author: { id: "482913377", name: "Ada", isBot: false },
              chat: { platform: "telegram", chatId: "-1001", type: "group" as const, name: "Family" },
              text: "Put dinner on Thursday into the calendar, half past two",
              attachments: index % 4 === 0 ? 1 : 0,
            },
          }),
    });
  }
}

function addDelivery(world: World, index: number, atMs: number): void {
  const state = deliveryStates[index % deliveryStates.length] ?? "sent";
  const isBad = state === "failed" || state === "unknown";
  const part = state === "sent" ? "sent" : state === "failed" ? "failed" : state === "unknown" ? "unknown" : "queued";
  const chat = {
    platform: index % 3 === 0 ? "work-slack" : "telegram",
    chatId: "-1001",
    type: "group" as const,
    name: index % 3 === 0 ? "#deployments" : "Family",
  };
  const failure = "The chat was not found: the bot was removed from it";
  world.deliveries.push({
    replyId: `r-${(90_000 + index).toString(36)}f3c1`,
    kind: index % 6 === 5 ? "notice" : "turn",
    state,
    sessionKey: "agent:main:telegram:group:-1001:482913377",
    chat,
    startedAtMs: atMs,
    ...(state === "running" ? {} : { endedAtMs: atMs + 8000, outcome: "finished" as const }),
    parts: 2,
    partsSent: state === "sent" ? 2 : 1,
    attempts: isBad ? 3 : 0,
    ...(state === "failed" ? { failure } : {}),
    seq: 4200 - index,
    author: { id: "482913377", name: "Ada", isBot: false },
    answers: { platform: chat.platform, chatId: chat.chatId, messageId: String(5000 - index) },
    details: [
      {
        index: 0,
        kind: "text",
        state: "sent",
        attempts: 0,
        refs: [{ platform: chat.platform, chatId: "-1001", messageId: String(7000 + index) }],
        shownAtMs: atMs + 3000,
        marked: false,
        text: richAnswer.slice(0, 700),
      },
      {
        index: 1,
        kind: "text",
        state: part,
        attempts: isBad ? 3 : 0,
        refs: part === "sent" ? [{ platform: chat.platform, chatId: "-1001", messageId: String(8000 + index) }] : [],
        ...(part === "sent" ? { shownAtMs: atMs + 6000 } : {}),
        ...(state === "failed" ? { failure } : {}),
        marked: state === "unknown",
        text: shortAnswer,
      },
    ],
  });
}
