import type { PlatformState } from "../gateway-status.ts";
import type { Trouble } from "../supervision/trouble-desk.ts";

type Tripped = Extract<Trouble, { kind: "tripped" }>;
type Failed = Extract<Trouble, { kind: "failed" }>;

/** What is said about platforms that are off, on, or somewhere between. */
export interface SupervisionWords {
  readonly helpPlatform: string;
  /** To whoever looks after the gateway. */
  tripped(platform: string, trouble: Tripped, nowMs: number): string;
  failed(platform: string, trouble: Failed): string;
  back(platform: string, awayMs: number): string;
  /** `/platform list`. */
  readonly states: Readonly<Record<PlatformState["state"], string>>;
  readonly transports: Readonly<Record<"up" | "resuming" | "degraded", string>>;
  readonly probing: string;
  readonly manual: string;
  readonly never: string;
  since(durationMs: number): string;
  ago(durationMs: number): string;
  next(durationMs: number): string;
  why(reason: string): string;
  doubt(why: string): string;
  failures(count: number): string;
  transport(state: string, heard: string): string;
  cameIn(count: number, last: string): string;
  wentOut(count: number, last: string): string;
  failedToSend(count: number, last: string): string;
  turnedAway(count: number, last: string): string;
  replaced(count: number, last: string): string;
  /** `/platform pause` and `/platform resume`. */
  usage(platforms: readonly string[]): string;
  unknownPlatform(name: string, platforms: readonly string[]): string;
  ownPlatform(platform: string): string;
  isDoor(platform: string): string;
  paused(platform: string, isNew: boolean): string;
  resumed(platform: string, isNew: boolean): string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function englishSpan(durationMs: number): string {
  if (durationMs < minuteMs) return `${Math.max(0, Math.floor(durationMs / 1000))} s`;
  if (durationMs < hourMs) return `${Math.floor(durationMs / minuteMs)} min`;
  if (durationMs < 2 * dayMs) return `${Math.floor(durationMs / hourMs)} h`;
  return `${Math.floor(durationMs / dayMs)} days`;
}

function chineseSpan(durationMs: number): string {
  if (durationMs < minuteMs) return `${Math.max(0, Math.floor(durationMs / 1000))} 秒`;
  if (durationMs < hourMs) return `${Math.floor(durationMs / minuteMs)} 分钟`;
  if (durationMs < 2 * dayMs) return `${Math.floor(durationMs / hourMs)} 小时`;
  return `${Math.floor(durationMs / dayMs)} 天`;
}

/** As code: a reason may hold what Markdown would take for markup. */
function quoted(reason: string): string {
  return `\`${reason.replaceAll(/[`\r\n]+/gu, " ")}\``;
}

function names(platforms: readonly string[]): string {
  return platforms.map((name) => `\`${name}\``).join(", ");
}

export const supervisionEnglish: SupervisionWords = {
  helpPlatform: "how the platforms are; pause one, or connect it again",
  tripped: (platform, { reason, failures, probeAtMs }, nowMs) =>
    [
      `**${platform}** is off: ${failures} attempts in a row have failed.`,
      quoted(reason),
      probeAtMs === undefined
        ? `It stays off until somebody sends \`/platform resume ${platform}\`.`
        : `I try it again in ${englishSpan(probeAtMs - nowMs)}, and then less and less often. \`/platform resume ${platform}\` tries it at once.`,
      "What is to be said there waits.",
    ].join("\n"),
  failed: (platform, { reason }) =>
    [
      `**${platform}** has stopped, and I cannot mend that:`,
      quoted(reason),
      `Mend its configuration and restart the gateway. If nothing had to be changed there, send \`/platform resume ${platform}\`.`,
      "What is to be said there waits.",
    ].join("\n"),
  back: (platform, awayMs) => `**${platform}** is back. It was off for ${englishSpan(awayMs)}.`,
  states: {
    up: "connected",
    connecting: "connecting",
    waiting: "waiting for the next attempt",
    blocked: "used by another gateway",
    tripped: "off, after too many failures",
    failed: "stopped, a person has to mend it",
    paused: "paused",
    stopped: "stopped",
  },
  transports: { up: "up", resuming: "resuming", degraded: "degraded" },
  probing: "on probation after an outage",
  manual: "until it is resumed by hand",
  never: "never",
  since: (durationMs) => `for ${englishSpan(durationMs)}`,
  ago: (durationMs) => `${englishSpan(durationMs)} ago`,
  next: (durationMs) => (durationMs < 1000 ? "next attempt any moment" : `next attempt in ${englishSpan(durationMs)}`),
  why: quoted,
  doubt: (why) => `may no longer be alive: ${why}`,
  failures: (count) => (count === 1 ? "1 failure in a row" : `${count} failures in a row`),
  transport: (state, heard) => `connection: ${state}, last word ${heard}`,
  cameIn: (count, last) => `came in: ${count}, last ${last}`,
  wentOut: (count, last) => `went out: ${count}, last ${last}`,
  failedToSend: (count, last) => `calls that failed: ${count}, last ${last}`,
  turnedAway: (count, last) => `turned away: ${count}, last ${last}`,
  replaced: (count, last) => `dead connections replaced: ${count}, last ${last}`,
  usage: (platforms) =>
    `Write \`/platform list\`, \`/platform pause <name>\` or \`/platform resume <name>\`. The names are ${names(platforms)}.`,
  unknownPlatform: (name, platforms) => `There is no platform ${quoted(name)}. The names are ${names(platforms)}.`,
  ownPlatform: (platform) =>
    `You are writing on ${platform}: paused, I could not hear you resume it. Pause it from another platform, on the page, or with \`hermes platform pause ${platform}\`.`,
  isDoor: (platform) => `${platform} is a door of the gateway itself; it cannot be paused.`,
  paused: (platform, isNew) =>
    isNew ? `${platform} is paused. \`/platform resume ${platform}\` connects it again.` : `${platform} is paused already.`,
  resumed: (platform, isNew) => (isNew ? `${platform} is being connected.` : `${platform} is connected already, or on its way.`),
};

export const supervisionChinese: SupervisionWords = {
  helpPlatform: "查看各平台的状态，暂停或重新连接",
  tripped: (platform, { reason, failures, probeAtMs }, nowMs) =>
    [
      `**${platform}** 已断开：连续 ${failures} 次尝试失败。`,
      quoted(reason),
      probeAtMs === undefined
        ? `在有人发送 \`/platform resume ${platform}\` 之前，它会一直断开。`
        : `${chineseSpan(probeAtMs - nowMs)}后会再次尝试，之后间隔越来越长。发送 \`/platform resume ${platform}\` 可立即尝试。`,
      "要在那里发送的内容会等待。",
    ].join("\n"),
  failed: (platform, { reason }) =>
    [
      `**${platform}** 已停止，我无法自行修复：`,
      quoted(reason),
      `请修正配置并重新启动网关。如果无需修改配置，请发送 \`/platform resume ${platform}\`。`,
      "要在那里发送的内容会等待。",
    ].join("\n"),
  back: (platform, awayMs) => `**${platform}** 已恢复，此前断开了 ${chineseSpan(awayMs)}。`,
  states: {
    up: "已连接",
    connecting: "正在连接",
    waiting: "等待下一次尝试",
    blocked: "正被另一个网关使用",
    tripped: "失败次数过多，已断开",
    failed: "已停止，需要人工处理",
    paused: "已暂停",
    stopped: "已停止",
  },
  transports: { up: "正常", resuming: "正在恢复", degraded: "受限" },
  probing: "故障后试运行",
  manual: "直到手动恢复",
  never: "从未",
  since: (durationMs) => `已 ${chineseSpan(durationMs)}`,
  ago: (durationMs) => `${chineseSpan(durationMs)}前`,
  next: (durationMs) => (durationMs < 1000 ? "即将尝试" : `${chineseSpan(durationMs)}后尝试`),
  why: quoted,
  doubt: (why) => `连接可能已失效：${why}`,
  failures: (count) => `连续失败 ${count} 次`,
  transport: (state, heard) => `连接：${state}，最近消息 ${heard}`,
  cameIn: (count, last) => `收到：${count}，最近 ${last}`,
  wentOut: (count, last) => `发出：${count}，最近 ${last}`,
  failedToSend: (count, last) => `失败的调用：${count}，最近 ${last}`,
  turnedAway: (count, last) => `拒收：${count}，最近 ${last}`,
  replaced: (count, last) => `更换的失效连接：${count}，最近 ${last}`,
  usage: (platforms) =>
    `请发送 \`/platform list\`、\`/platform pause <名称>\` 或 \`/platform resume <名称>\`。可用名称：${names(platforms)}。`,
  unknownPlatform: (name, platforms) => `没有平台 ${quoted(name)}。可用名称：${names(platforms)}。`,
  ownPlatform: (platform) =>
    `您正在 ${platform} 上发送消息：暂停后我将收不到您的恢复命令。请在其他平台、网页上，或用 \`hermes platform pause ${platform}\` 暂停它。`,
  isDoor: (platform) => `${platform} 是网关自身的入口，无法暂停。`,
  paused: (platform, isNew) =>
    isNew ? `${platform} 已暂停。发送 \`/platform resume ${platform}\` 可重新连接。` : `${platform} 已经暂停了。`,
  resumed: (platform, isNew) => (isNew ? `正在连接 ${platform}。` : `${platform} 已连接或正在连接。`),
};
