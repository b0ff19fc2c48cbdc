import type { BusyMode } from "../busy/busy-mode.ts";
import type { BusyDecision } from "../busy/decide-busy.ts";

/** What is said about messages that come while a conversation is being answered. */
export interface BusyWords {
  readonly helpBusy: string;
  readonly helpQueue: string;
  readonly helpSteer: string;
  /** What becomes of such a message; `waiting`: how many wait before it. */
  readonly acknowledged: (decision: Exclude<BusyDecision, { action: "wait" }>, waiting: number) => string;
  readonly tip: string;
  readonly modeIs: (mode: BusyMode) => string;
  readonly modeSet: (mode: BusyMode, scope: "session" | "chat") => string;
  readonly modeBack: (mode: BusyMode) => string;
  readonly busyUsage: string;
  readonly steerUsage: string;
  readonly chatIsForAdmins: string;
  readonly nothingWaits: string;
  /** `waiting`: their texts, shortened. */
  readonly listed: (waiting: readonly string[]) => string;
  readonly noText: string;
  readonly dropped: (count: number) => string;
  readonly edited: (place: number) => string;
  readonly noSuchPlace: (place: string, count: number) => string;
  readonly notYours: string;
}

const counted = (count: number): string => (count === 1 ? "1 message waits" : `${count} messages wait`);

export const busyEnglish: BusyWords = {
  helpBusy: "what happens when you write while I work",
  helpQueue: "what waits; with a text: ask that next",
  helpSteer: "tell me something while I work",
  acknowledged: (decision, waiting) => {
    switch (decision.action) {
      case "interrupt":
        return "⚡ I leave that and turn to what you just wrote.";
      case "steer":
        return "⏩ Passed on to the work that runs. What it cannot take in, I answer afterwards.";
      case "queue": {
        const before = waiting === 0 ? "" : ` ${counted(waiting)} before it.`;
        switch (decision.why) {
          case "mode":
            return `⏳ I answer that next.${before}`;
          case "not-yours":
            return `⏳ I am answering somebody else here and answer you afterwards.${before}`;
          case "asked":
            return `⏳ I still wait for an answer to my question, and come to this afterwards.${before}`;
          case "uninterruptible":
            return `⏳ I cannot leave this half done; I answer you afterwards.${before} /stop ends it all the same.`;
          case "cannot-steer":
            return `⏳ I cannot take that in while I work; I answer it afterwards.${before}`;
        }
      }
    }
  },
  tip: "You choose what happens when you write while I work: `/busy interrupt`, `/busy queue` or `/busy steer`.",
  modeIs: (mode) =>
    `When you write while I work: ${englishModes[mode]}. \`/busy interrupt|queue|steer\` changes that, \`/busy default\` takes it back.`,
  modeSet: (mode, scope) =>
    `${scope === "chat" ? "For everybody in this chat" : "From now on"}, when a message comes while I work: ${englishModes[mode]}.`,
  modeBack: (mode) => `As configured again: ${englishModes[mode]}.`,
  busyUsage:
    "Write `/busy interrupt`, `/busy queue`, `/busy steer` or `/busy default`; `/busy chat …` is for everybody in this chat.",
  steerUsage: "Write `/steer` and what I should take in while I work.",
  chatIsForAdmins: "What counts for the whole chat is chosen by those who look after this gateway.",
  nothingWaits: "Nothing waits. `/queue` and a text asks that next.",
  listed: (waiting) =>
    [
      `${counted(waiting.length)}:`,
      "",
      ...waiting.map((text, index) => `${index + 1}. ${text}`),
      "",
      "`/queue drop 1` and `/queue edit 1 new text` change that; `/queue drop all` drops everything of yours.",
    ].join("\n"),
  noText: "(no text)",
  dropped: (count) => (count === 0 ? "There was nothing to drop." : count === 1 ? "Dropped." : `Dropped ${count} messages.`),
  edited: (place) => `Message ${place} is changed.`,
  noSuchPlace: (place, count) =>
    count === 0 ? "Nothing waits any more." : `There is no waiting message ${place}. /queue lists what waits.`,
  notYours: "Somebody else is being answered here: only they, or those who look after this gateway, can do that.",
};

const englishModes: Readonly<Record<BusyMode, string>> = {
  interrupt: "I leave what I do and turn to the new message",
  queue: "it waits, and I answer it next",
  steer: "I take it in at the next step, or answer it afterwards",
};

export const busyChinese: BusyWords = {
  helpBusy: "我工作时收到新消息如何处理",
  helpQueue: "查看等待的消息；加上文字则排在下一条",
  helpSteer: "在我工作时补充说明",
  acknowledged: (decision, waiting) => {
    switch (decision.action) {
      case "interrupt":
        return "⚡ 我先放下手头的事，处理您刚发的消息。";
      case "steer":
        return "⏩ 已转给正在进行的工作；没能采纳的部分稍后再回答。";
      case "queue": {
        const before = waiting === 0 ? "" : `前面还有 ${waiting} 条消息。`;
        switch (decision.why) {
          case "mode":
            return `⏳ 接下来回答这条。${before}`;
          case "not-yours":
            return `⏳ 我正在回答别人，之后回答您。${before}`;
          case "asked":
            return `⏳ 我还在等您回答我的问题，之后再处理这条。${before}`;
          case "uninterruptible":
            return `⏳ 这件事不能中途停下，之后回答您。${before}/stop 仍可结束它。`;
          case "cannot-steer":
            return `⏳ 工作时无法采纳，之后回答这条。${before}`;
        }
      }
    }
  },
  tip: "您可以选择我工作时如何处理新消息：`/busy interrupt`（中断）、`/busy queue`（排队）或 `/busy steer`（补充）。",
  modeIs: (mode) =>
    `我工作时收到新消息：${chineseModes[mode]}。用 \`/busy interrupt|queue|steer\` 更改，\`/busy default\` 恢复默认。`,
  modeSet: (mode, scope) => `${scope === "chat" ? "对此聊天的所有人" : "从现在起"}，我工作时收到新消息：${chineseModes[mode]}。`,
  modeBack: (mode) => `已恢复为配置：${chineseModes[mode]}。`,
  busyUsage: "请写 `/busy interrupt`、`/busy queue`、`/busy steer` 或 `/busy default`；`/busy chat …` 对此聊天的所有人生效。",
  steerUsage: "请写 `/steer` 加上要我在工作时采纳的内容。",
  chatIsForAdmins: "整个聊天的设置只能由网关管理员选择。",
  nothingWaits: "没有等待的消息。`/queue` 加文字可以排在下一条。",
  listed: (waiting) =>
    [
      `${waiting.length} 条消息在等待：`,
      "",
      ...waiting.map((text, index) => `${index + 1}. ${text}`),
      "",
      "用 `/queue drop 1` 删除，`/queue edit 1 新文字` 修改；`/queue drop all` 删除您的全部消息。",
    ].join("\n"),
  noText: "（无文字）",
  dropped: (count) => (count === 0 ? "没有可以删除的消息。" : `已删除 ${count} 条消息。`),
  edited: (place) => `第 ${place} 条消息已修改。`,
  noSuchPlace: (place, count) => (count === 0 ? "已没有等待的消息。" : `没有第 ${place} 条等待的消息。发送 /queue 查看。`),
  notYours: "这里正在回答别人：只有他们或网关管理员可以这样做。",
};

const chineseModes: Readonly<Record<BusyMode, string>> = {
  interrupt: "我放下手头的事，处理新消息",
  queue: "排队，接下来回答",
  steer: "在下一步采纳，或之后回答",
};
