import type { AgentSetting } from "@hermes/core";
import type { UsageTotal } from "../records/usage.ts";

/** What models took, as `/usage` tells it. */
export interface UsageFacts {
  readonly turn: readonly UsageTotal[];
  readonly session: readonly UsageTotal[];
  readonly person: readonly UsageTotal[];
  /** How far back a person's are counted. */
  readonly personDays: number;
}

/** What is at work, as `/agents` lists it. */
export interface WorkFacts {
  /** Of a background task; undefined: the conversation itself. */
  readonly id: string | undefined;
  readonly agent: string;
  readonly text: string;
  readonly runsMs: number;
}

/** What the gateway says about agents, and for them. */
export interface AgentWords {
  readonly gone: (name: string) => string;
  readonly noSettings: (id: string) => string;
  readonly setting: (setting: AgentSetting) => string;
  readonly chosen: (name: string, value: string, isForAll: boolean) => string;
  readonly chosenBack: (name: string) => string;
  readonly refused: (reason: string) => string;
  readonly settingsFailed: (id: string) => string;
  readonly helpSetting: (id: string) => string;
  readonly stopFirst: string;
  readonly undone: (text: string) => string;
  readonly nothingToUndo: string;
  readonly helpUndo: string;
  readonly usage: (facts: UsageFacts) => string;
  readonly noUsage: string;
  readonly helpUsage: string;
  readonly started: (id: string) => string;
  readonly done: (id: string, text: string) => string;
  readonly failed: (id: string, text: string) => string;
  readonly backgroundUsage: string;
  readonly helpBackground: string;
  readonly asideUsage: string;
  readonly noAside: string;
  readonly helpAside: string;
  readonly noCompression: string;
  readonly helpCompress: string;
  readonly work: (works: readonly WorkFacts[]) => string;
  readonly noWork: string;
  readonly noSuchTask: (id: string) => string;
  readonly helpAgents: string;
  readonly helpReload: string;
  readonly nothingToReload: string;
  readonly approval: ApprovalWords;
}

/** What is said about things that wait for a person. */
export interface ApprovalWords {
  readonly once: string;
  readonly session: string;
  readonly always: string;
  readonly deny: string;
  /** What people write instead of pressing a button. */
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly onlyButtons: (labels: readonly string[]) => string;
  readonly tooLong: string;
  readonly nothingWaits: string;
  readonly several: string;
  readonly usage: string;
  readonly helpApprove: string;
  readonly helpDeny: string;
  readonly yoloOn: string;
  readonly yoloOff: string;
  readonly yoloUsage: string;
  readonly helpYolo: string;
}

export const agentsEnglish: AgentWords = {
  gone: (name) => `The agent \`${name}\` that led this conversation is not configured any more. /new starts another one.`,
  noSettings: (id) => `This agent has no ${id} to choose.`,
  setting: ({ name, current, options, isOpen = false, id }) =>
    [
      `**${name}**: \`${current}\``,
      ...options.map(
        (option, index) => `${index + 1}. \`${option.id}\`${option.description === undefined ? "" : `: ${option.description}`}`,
      ),
      `Choose with \`/${id} <name>\`${isOpen ? ", also one that is not listed" : ""}; \`/${id} default\` takes a choice back.`,
    ].join("\n"),
  chosen: (name, value, isForAll) =>
    `${name}: \`${value}\` from the next message on${isForAll ? ", wherever nothing else was chosen" : ""}.`,
  chosenBack: (name) => `${name}: as it is without a choice.`,
  refused: (reason) => reason,
  settingsFailed: (id) => `What there is to choose could not be found out. Please try /${id} again later.`,
  helpSetting: (id) => settingHelp[id] ?? `choose the agent's ${id}`,
  stopFirst: "I am still working on it: /stop first.",
  undone: (text) => (text === "" ? "I have forgotten the last exchange." : `I have forgotten the last exchange: “${text}”`),
  nothingToUndo: "There is nothing to undo.",
  helpUndo: "forget the last exchange",
  usage: ({ turn, session, person, personDays }) =>
    [
      ...accounts("Last answer", turn, "calls"),
      ...accounts("This conversation", session, "calls"),
      ...accounts(`You, in ${personDays} days`, person, "calls"),
    ].join("\n"),
  noUsage: "Nothing was used yet, or this agent does not count.",
  helpUsage: "tokens and costs",
  started: (id) => `🔄 \`${id}\` has begun. The result comes here; \`/stop ${id}\` ends it.`,
  done: (id, text) => `✅ \`${id}\` is done: “${text}”`,
  failed: (id, text) => `❌ \`${id}\` failed: “${text}”`,
  backgroundUsage: "Write what is to be done: `/background <task>`.",
  helpBackground: "do something beside this conversation",
  asideUsage: "Write the question: `/btw <question>`.",
  noAside: "This agent answers no questions on the side.",
  helpAside: "ask on the side, without this becoming part of the conversation",
  noCompression: "This agent does not compress conversations.",
  helpCompress: "keep this conversation in fewer words",
  work: (works) => works.map((work) => workLine(work, "this conversation")).join("\n"),
  noWork: "Nothing is running.",
  noSuchTask: (id) => `Nothing called \`${id}\` is running.`,
  helpAgents: "what is running",
  helpReload: "connect again to the servers of its tools",
  nothingToReload: "This agent takes no tools from servers.",
  approval: {
    once: "Yes, once",
    session: "In this conversation",
    always: "Always",
    deny: "No",
    yes: ["yes", "y", "ok", "okay", "approve", "once"],
    no: ["no", "n", "deny", "cancel"],
    onlyButtons: (labels) => `Answer yes or no, or one of: ${labels.join(", ")}.`,
    tooLong: "I was to ask you about something that cannot be shown here in full. It was not done.",
    nothingWaits: "Nothing waits for an approval here.",
    several: "Several things wait for an approval here: please use the buttons, or answer where you were asked.",
    usage: "`/approve`, `/approve session` or `/approve always`.",
    helpApprove: "allow what waits for it",
    helpDeny: "refuse what waits for an approval",
    yoloOn: "From now on, nothing that you ask for in this conversation waits for an approval. `/yolo off` ends that.",
    yoloOff: "What is dangerous waits for an approval again.",
    yoloUsage: "`/yolo on` or `/yolo off`.",
    helpYolo: "let everything that you ask for in this conversation be done without an approval",
  },
};

export const agentsChinese: AgentWords = {
  gone: (name) => `主持这段对话的智能体 \`${name}\` 已不在配置中。发送 /new 开始新的对话。`,
  noSettings: (id) => `这个智能体没有可选的 ${id}。`,
  setting: ({ name, current, options, isOpen = false, id }) =>
    [
      `**${name}**：\`${current}\``,
      ...options.map(
        (option, index) => `${index + 1}. \`${option.id}\`${option.description === undefined ? "" : `：${option.description}`}`,
      ),
      `用 \`/${id} <名称>\` 选择${isOpen ? "，也可以是列表之外的" : ""}；\`/${id} default\` 恢复默认。`,
    ].join("\n"),
  chosen: (name, value, isForAll) => `${name}：从下一条消息起为 \`${value}\`${isForAll ? "，对所有未另行选择的对话有效" : ""}。`,
  chosenBack: (name) => `${name}：已恢复默认。`,
  refused: (reason) => reason,
  settingsFailed: (id) => `暂时无法查到可选项，请稍后再试 /${id}。`,
  helpSetting: (id) => settingHelpChinese[id] ?? `选择智能体的 ${id}`,
  stopFirst: "我还在处理：请先 /stop。",
  undone: (text) => (text === "" ? "已忘记上一轮对话。" : `已忘记上一轮对话：“${text}”`),
  nothingToUndo: "没有可以撤销的内容。",
  helpUndo: "忘记上一轮对话",
  usage: ({ turn, session, person, personDays }) =>
    [
      ...accounts("上一个回答", turn, "次调用"),
      ...accounts("本次对话", session, "次调用"),
      ...accounts(`您，${personDays} 天内`, person, "次调用"),
    ].join("\n"),
  noUsage: "还没有用量，或这个智能体不计用量。",
  helpUsage: "查看用量与费用",
  started: (id) => `🔄 \`${id}\` 已开始。结果会发到这里；\`/stop ${id}\` 可以结束它。`,
  done: (id, text) => `✅ \`${id}\` 已完成：“${text}”`,
  failed: (id, text) => `❌ \`${id}\` 失败：“${text}”`,
  backgroundUsage: "请写明要做什么：`/background <任务>`。",
  helpBackground: "在对话之外完成一项任务",
  asideUsage: "请写明问题：`/btw <问题>`。",
  noAside: "这个智能体不回答旁问。",
  helpAside: "顺便问一句，不计入对话",
  noCompression: "这个智能体不压缩对话。",
  helpCompress: "用更少的文字保留这段对话",
  work: (works) => works.map((work) => workLine(work, "本次对话")).join("\n"),
  noWork: "没有正在进行的工作。",
  noSuchTask: (id) => `没有名为 \`${id}\` 的任务在进行。`,
  helpAgents: "查看正在进行的工作",
  helpReload: "重新连接提供工具的服务器",
  nothingToReload: "这个智能体不使用服务器提供的工具。",
  approval: {
    once: "同意一次",
    session: "本次对话内同意",
    always: "始终同意",
    deny: "拒绝",
    yes: ["是", "好", "好的", "同意", "可以", "yes", "y", "ok"],
    no: ["否", "不", "不行", "拒绝", "no", "n"],
    onlyButtons: (labels) => `请回答是或否，或其中之一：${labels.join("、")}。`,
    tooLong: "有一项操作需要您同意，但无法在此完整显示，因此没有执行。",
    nothingWaits: "这里没有等待同意的操作。",
    several: "这里有多项操作等待同意：请使用按钮，或在被询问的地方回答。",
    usage: "`/approve`、`/approve session` 或 `/approve always`。",
    helpApprove: "同意等待中的操作",
    helpDeny: "拒绝等待中的操作",
    yoloOn: "从现在起，您在这段对话中要求的操作都不再等待同意。`/yolo off` 可以恢复。",
    yoloOff: "危险操作将重新等待同意。",
    yoloUsage: "`/yolo on` 或 `/yolo off`。",
    helpYolo: "让您在这段对话中要求的操作都无需同意",
  },
};

const settingHelp: Readonly<Record<string, string>> = {
  model: "show and choose the model",
  reasoning: "how much the model thinks before it answers",
  personality: "how the agent speaks",
  mode: "how the agent works",
};

const settingHelpChinese: Readonly<Record<string, string>> = {
  model: "查看和选择模型",
  reasoning: "模型回答前思考的程度",
  personality: "智能体的说话方式",
  mode: "智能体的工作方式",
};

function accounts(title: string, totals: readonly UsageTotal[], calls: string): readonly string[] {
  if (totals.length === 0) return [];
  return [`**${title}**`, ...totals.map((total) => `- ${accountLine(total, calls)}`)];
}

function accountLine(total: UsageTotal, calls: string): string {
  const { model, inputTokens, cachedInputTokens, outputTokens, reasoningTokens, costUsd, unpricedCalls } = total;
  const cached = cachedInputTokens === 0 ? "" : ` (${grouped(cachedInputTokens)} cached)`;
  const reasoned = reasoningTokens === 0 ? "" : ` (${grouped(reasoningTokens)} thinking)`;
  const cost =
    costUsd === 0 && unpricedCalls > 0 ? "" : ` · $${costUsd.toFixed(costUsd < 1 ? 4 : 2)}${unpricedCalls > 0 ? "+" : ""}`;
  const name = model === "" ? "" : `\`${model}\`: `;
  return `${name}${total.calls} ${calls} · ${grouped(inputTokens)} in${cached} · ${grouped(outputTokens)} out${reasoned}${cost}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function workLine({ id, agent, text, runsMs }: WorkFacts, here: string): string {
  const seconds = Math.round(runsMs / 1000);
  const time = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `- ${id === undefined ? here : `\`${id}\``} · ${agent} · ${time} · “${text}”`;
}
