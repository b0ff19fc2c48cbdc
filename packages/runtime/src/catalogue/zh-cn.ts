import { agentsChinese } from "./agent-words.ts";
import { backlogChinese } from "./backlog-words.ts";
import { busyChinese } from "./busy-words.ts";
import { buttonsChinese } from "./button-words.ts";
import type { Catalogue } from "./catalogue.ts";
import { deliveryChinese } from "./delivery-words.ts";
import { supervisionChinese } from "./supervision-words.ts";
import { restartChinese } from "./restart-words.ts";

const dropped = (count: number): string => (count === 0 ? "" : `已丢弃 ${count} 条等待中的消息。`);

/** What the gateway says in simplified Chinese. */
export const simplifiedChinese: Catalogue = {
  agents: agentsChinese,
  backlog: backlogChinese,
  busy: busyChinese,
  buttons: buttonsChinese,
  delivery: deliveryChinese,
  supervision: supervisionChinese,
  restart: restartChinese,
  repeatMark: "（此消息可能重复）",
  undelivered: "这个回答有一部分未能送达。",
  uncertain: "无法确定这个回答的一部分是否已送达。发送 /retry 可以重发。",
  fileRefused: (name) => `无法在此发送文件 \`${name}\`。`,
  agentFailed: "回答时出了问题，请重试。",
  restartInterrupted: "我在处理这条消息时被重启，没有重复已经开始的操作。请告诉我如何继续。",
  restartShown: "我在回答时被重启。发送 /retry 可以让我重新回答。",
  chooseOne: "请回复列表中的编号或名称。",
  approve: "是",
  deny: "否",
  helpRetry: "重复被中断或未送达的回答",
  retried: "好的，再来一次。",
  nothingToRetry: "没有可以重复的内容。",
  queueFull: (waiting) => `已有 ${waiting} 条消息在等待，这一条没有收下。请稍后再发，或使用 /stop。`,
  ownerNow: "您现在是这个网关的所有者。发送 /help 查看可用命令。",
  unknownCommand: (name) => `没有 /${name} 这个命令。发送 /help 查看可用命令。`,
  commandFailed: (name) => `/${name} 没有成功，请重试。`,
  forAdminsOnly: (name) => `/${name} 仅供网关管理员使用。`,
  helpHeading: "直接给我发消息，或使用：",
  helpNew: "开始新的对话",
  helpStop: "停止正在进行的工作",
  helpStatus: "查看当前状态",
  helpWhoami: "查看您的身份",
  helpHelp: "显示此列表",
  newSession: (count) => `已开始新的对话。${dropped(count)}`,
  stopped: (count) => `已停止。${dropped(count)}`,
  nothingToStop: (count) => `没有正在进行的工作。${dropped(count)}`,
  status: ({ running, waiting, busyMode, sessionId, platform }) =>
    [
      running ? "正在回答。" : "空闲。",
      `等待中的消息：${waiting}`,
      `工作时收到消息：${busyMode}`,
      `平台：${platform}`,
      `对话：${sessionId ?? "尚无"}`,
    ].join("\n"),
  whoami: ({ platform, userId, rule, sessionKey }) =>
    [`您是 \`${platform}:${userId}\`。`, `准入规则：${rule}`, `对话键：\`${sessionKey}\``].join("\n"),
};
