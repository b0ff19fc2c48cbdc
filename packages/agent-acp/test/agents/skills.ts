import type { AgentContext, ContentBlock, PermissionOption, SessionUpdate, StopReason, ToolKind } from "@agentclientprotocol/sdk";

/** What a command of the example agent works with. */
export interface Skills {
  readonly client: AgentContext;
  readonly sessionId: string;
  readonly prompt: readonly ContentBlock[];
  readonly said: readonly string[];
  settings(): string;
  readonly signal: AbortSignal;
  readonly tell: (update: SessionUpdate) => Promise<void>;
}

const leave: PermissionOption[] = [
  { optionId: "yes-once", name: "Allow", kind: "allow_once" },
  { optionId: "yes-always", name: "Always allow", kind: "allow_always" },
  { optionId: "no-once", name: "Reject", kind: "reject_once" },
];
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Does one thing; a reason to stop ends the turn with it. */
export async function runSkill(command: string, skills: Skills): Promise<StopReason | undefined> {
  const [verb = "", ...words] = command.split(" ");
  const rest = words.join(" ");
  const { client, sessionId, tell, signal } = skills;
  const say = (text: string, messageId?: string): Promise<void> =>
    tell({
      sessionUpdate: "agent_message_chunk",
      content: { type: "text", text },
      ...(messageId === undefined ? {} : { messageId }),
    });
  switch (verb) {
    case "say":
      await say(rest);
      return undefined;
    case "message":
      await say(words.slice(1).join(" "), words[0]);
      return undefined;
    case "flood":
      for (let index = 0; index < Number(rest); index += 1) await say(`${index} `);
      return undefined;
    case "think":
      await tell({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text: rest } });
      return undefined;
    case "tool": {
      const toolCallId = `call-${rest}`;
      await tell({
        sessionUpdate: "tool_call",
        toolCallId,
        title: `Do ${rest}`,
        kind: rest as ToolKind,
        rawInput: { what: rest },
      });
      await tell({
        sessionUpdate: "tool_call_update",
        toolCallId,
        status: "completed",
        content: [{ type: "content", content: { type: "text", text: `done ${rest}` } }],
      });
      return undefined;
    }
    case "edit":
      await tell({ sessionUpdate: "tool_call", toolCallId: "call-edit", title: "Edit", kind: "edit" });
      await tell({
        sessionUpdate: "tool_call_update",
        toolCallId: "call-edit",
        status: "completed",
        content: [{ type: "diff", path: "/a/notes.md", oldText: "one\ntwo\nthree", newText: "one\n2\nthree\nfour" }],
      });
      return undefined;
    case "begin":
      await tell({ sessionUpdate: "tool_call", toolCallId: `call-${rest}`, title: `Begin ${rest}`, kind: rest as ToolKind });
      return undefined;
    case "ask": {
      const toolCallId = `call-${rest.replaceAll(" ", "-").slice(0, 100)}`;
      await tell({ sessionUpdate: "tool_call", toolCallId, title: `Run ${rest}`, kind: "execute", rawInput: { command: rest } });
      const { outcome } = await client.request("session/request_permission", {
        sessionId,
        toolCall: { toolCallId },
        options: leave,
      });
      const isAllowed = outcome.outcome === "selected" && outcome.optionId.startsWith("yes");
      await tell({ sessionUpdate: "tool_call_update", toolCallId, status: isAllowed ? "completed" : "failed" });
      await say(outcome.outcome === "selected" ? outcome.optionId : outcome.outcome);
      return undefined;
    }
    case "plan":
      await tell({
        sessionUpdate: "plan",
        entries: [
          { content: "Look", priority: "high", status: "completed" },
          { content: "Change", priority: "high", status: "in_progress" },
          { content: "Test", priority: "low", status: "pending" },
        ],
      });
      return undefined;
    case "image":
      await tell({ sessionUpdate: "agent_message_chunk", content: { type: "image", data: pixel, mimeType: "image/png" } });
      return undefined;
    case "link":
      await tell({ sessionUpdate: "agent_message_chunk", content: { type: "resource_link", uri: rest, name: "The page" } });
      return undefined;
    case "mode":
      await tell({ sessionUpdate: "current_mode_update", currentModeId: rest });
      return undefined;
    case "cost":
      await tell({ sessionUpdate: "usage_update", used: 10, size: 100, cost: { amount: Number(rest), currency: "USD" } });
      return undefined;
    case "settings":
      await say(skills.settings());
      return undefined;
    case "prompt":
      await say(JSON.stringify(skills.prompt.map((block) => ("data" in block ? { ...block, data: block.data.length } : block))));
      return undefined;
    case "recall":
      await say(JSON.stringify(skills.said.slice(0, -1)));
      return undefined;
    case "folder":
      await say(process.cwd());
      return undefined;
    case "environment":
      await say(Object.keys(process.env).sort().join(","));
      return undefined;
    case "wait":
      if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return undefined;
    case "read":
      await attempt(say, async () => (await client.request("fs/read_text_file", { sessionId, path: rest })).content);
      return undefined;
    case "write":
      await attempt(say, async () => {
        await client.request("fs/write_text_file", { sessionId, path: words[0] ?? "", content: words.slice(1).join(" ") });
        return "written";
      });
      return undefined;
    case "run":
    case "start":
      await attempt(say, async () => {
        const terminal = await client.createTerminal({ sessionId, command: words[0] ?? "", args: words.slice(1) });
        if (verb === "start") return "started";
        const { exitCode } = await terminal.waitForExit();
        const { output } = await terminal.currentOutput();
        await terminal.release();
        return `${exitCode}: ${output}`;
      });
      return undefined;
    case "crash":
      process.exit(7);
      break;
    case "stop":
      return rest as StopReason;
    default:
      return undefined;
  }
}

async function attempt(say: (text: string) => Promise<void>, act: () => Promise<string>): Promise<void> {
  try {
    await say(await act());
  } catch (error) {
    await say(`refused: ${error instanceof Error ? error.message : String(error)}`);
  }
}
