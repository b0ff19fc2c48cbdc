/** What is said after an absence. */
export interface BacklogWords {
  /** `count`: messages of this conversation that are answered now. */
  readonly wasAway: (forMs: number, count: number) => string;
  /** `count`: messages of this conversation that are not. */
  readonly tooOld: (forMs: number, count: number) => string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The largest unit that says it without hiding much. */
function spanOf(forMs: number): { readonly count: number; readonly unit: "min" | "h" | "d" } {
  if (forMs < 2 * hourMs) return { count: Math.max(1, Math.round(forMs / minuteMs)), unit: "min" };
  return forMs < 2 * dayMs ? { count: Math.round(forMs / hourMs), unit: "h" } : { count: Math.round(forMs / dayMs), unit: "d" };
}

function inEnglish(forMs: number): string {
  const { count, unit } = spanOf(forMs);
  return unit === "d" ? `${count} days` : `${count} ${unit}`;
}

function inChinese(forMs: number): string {
  const { count, unit } = spanOf(forMs);
  return `${count} ${{ min: "分钟", h: "小时", d: "天" }[unit]}`;
}

export const backlogEnglish: BacklogWords = {
  wasAway: (forMs, count) =>
    `I was away ${inEnglish(forMs)}; ${count === 1 ? "1 message was" : `${count} messages were`} waiting.`,
  tooOld: (forMs, count) =>
    `I was away ${inEnglish(forMs)}. ${count === 1 ? "1 message from then is" : `${count} messages from then are`} too old for me to answer unasked: please write again what still matters.`,
};

export const backlogChinese: BacklogWords = {
  wasAway: (forMs, count) => `我离线了 ${inChinese(forMs)}，有 ${count} 条消息在等待。`,
  tooOld: (forMs, count) => `我离线了 ${inChinese(forMs)}。其间有 ${count} 条消息已过时，不再自动回答；仍需要的请重新发送。`,
};
