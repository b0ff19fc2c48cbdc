/** What is said about restarts, and about turns that end because nothing happens in them. */
export interface RestartWords {
  readonly helpRestart: string;
  readonly restarting: string;
  /** Nobody knows whether another process takes over. */
  readonly ending: string;
  readonly underWay: string;
  readonly restartedAlready: string;
  readonly nobodyRestarts: string;
  readonly back: (awayMs: number) => string;
  readonly keptOverRestart: string;
  readonly keptOverStop: string;
  /** In the chat of a turn that may be what ends the process. */
  readonly setAside: string;
  /** In the chat of a turn that is not taken up since the process keeps ending. */
  readonly held: string;
  readonly homeBack: (awayMs: number) => string;
  readonly homeCrashed: string;
  readonly homeHeld: (crashes: number) => string;
  /** `seq`: the event's number in the ledger. */
  readonly homeSetAside: (seq: number, chat: string) => string;
  readonly quiet: (quietMs: number) => string;
  readonly timedOut: (quietMs: number) => string;
}

interface Units {
  readonly second: string;
  readonly minute: string;
  readonly hour: string;
}

export const restartEnglish: RestartWords = {
  helpRestart: "restart the gateway, once what runs has ended",
  restarting: "I am restarting. What runs may end first, for a while; I tell you here when I am back.",
  ending:
    "I am ending so that I am started again. What runs may end first, for a while; I tell you here when I am back. If nothing restarts me (a service manager does), somebody has to start me by hand.",
  underWay: "I am restarting already.",
  restartedAlready: "I was restarted after you asked for that.",
  nobodyRestarts: "Nobody would start me again, so I go on. Whoever runs me has to restart me.",
  back: (awayMs) => `I am back (after ${english(awayMs)}).`,
  keptOverRestart: "I am restarting. Your message is kept, and answered after that.",
  keptOverStop: "I am being stopped. Your message is kept, and answered once I run again.",
  setAside:
    "I was ended unexpectedly more than once while I was working on this, so I have set it aside. /retry lets me try it once more.",
  held: "I was ended unexpectedly several times in a row, so I do not go on with this by myself. /retry lets me answer it.",
  homeBack: (awayMs) => `I was restarted (away for ${english(awayMs)}).`,
  homeCrashed: "I ended unexpectedly and was started again. What was under way goes on.",
  homeHeld: (crashes) =>
    `I ended unexpectedly ${crashes} times in a row, each time soon after my start. Answers that were under way do not go on by themselves: their chats are told, and /retry there brings them on. New messages are answered.`,
  homeSetAside: (seq, chat) =>
    `I ended unexpectedly more than once while I was answering event ${seq} in ${chat}, so I have set it aside. \`hermes events show ${seq}\` shows it; /retry in its chat, or \`hermes events replay ${seq}\`, tries it once more.`,
  quiet: (quietMs) => `I am still at work, with no sign of life for ${english(quietMs)}. /stop ends it.`,
  timedOut: (quietMs) => `I gave up: there was no sign of life for ${english(quietMs)}. /retry lets me try again.`,
};

export const restartChinese: RestartWords = {
  helpRestart: "等正在进行的回答结束后重启网关",
  restarting: "正在重启。正在进行的回答可以先完成；恢复后我会在这里告诉你。",
  ending:
    "我将结束运行以便重新启动。正在进行的回答可以先完成；恢复后我会在这里告诉你。如果没有服务管理器重启我，需要有人手动启动。",
  underWay: "已经在重启了。",
  restartedAlready: "在你提出之后，我已经重启过了。",
  nobodyRestarts: "没有人会再启动我，所以我继续运行。需要由运行我的人来重启。",
  back: (awayMs) => `我回来了（用时 ${chinese(awayMs)}）。`,
  keptOverRestart: "我正在重启。你的消息已保存，之后会回答。",
  keptOverStop: "我正在停止。你的消息已保存，再次运行后会回答。",
  setAside: "我在处理这条消息时多次意外中断，所以先把它搁置。发送 /retry 让我再试一次。",
  held: "我连续多次意外中断，所以不会自动继续这条消息。发送 /retry 让我回答。",
  homeBack: (awayMs) => `我已重启（离开 ${chinese(awayMs)}）。`,
  homeCrashed: "我意外中断后已重新启动，未完成的工作会继续。",
  homeHeld: (crashes) =>
    `我连续 ${crashes} 次在启动后不久意外中断。未完成的回答不会自动继续：相应聊天已收到通知，在那里发送 /retry 可以继续。新消息照常回答。`,
  homeSetAside: (seq, chat) =>
    `我在回答 ${chat} 的事件 ${seq} 时多次意外中断，已将其搁置。\`hermes events show ${seq}\` 可查看；在该聊天发送 /retry 或运行 \`hermes events replay ${seq}\` 可再试一次。`,
  quiet: (quietMs) => `仍在处理，但已有 ${chinese(quietMs)} 没有动静。发送 /stop 可以结束。`,
  timedOut: (quietMs) => `已放弃：${chinese(quietMs)} 没有任何动静。发送 /retry 让我再试一次。`,
};

function english(ms: number): string {
  return spanIn(ms, { second: " s", minute: " min", hour: " h" });
}

function chinese(ms: number): string {
  return spanIn(ms, { second: " 秒", minute: " 分钟", hour: " 小时" });
}

/** Roughly: nobody counts the seconds of an hour. */
function spanIn(ms: number, { second, minute, hour }: Units): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds}${second}`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes}${minute}` : `${Math.floor(minutes / 60)}${hour}`;
}
