import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * An agent that breaks the protocol, written without any library: raw frames over standard input and output.
 * Its arguments name the ways; without any it behaves.
 */
const [way = "", detail = ""] = process.argv.slice(2);
const is = (name: string): boolean => way === name;

interface Frame {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly prompt?: readonly { readonly text?: string }[] };
  readonly result?: unknown;
  readonly error?: unknown;
}

const raw = (text: string): void => void process.stdout.write(text);
const send = (frame: object): void => raw(`${JSON.stringify({ jsonrpc: "2.0", ...frame })}\n`);
const update = (sessionId: string, told: object): void => send({ method: "session/update", params: { sessionId, update: told } });
const say = (sessionId: string, text: string): void =>
  update(sessionId, { sessionUpdate: "agent_message_chunk", content: { type: "text", text } });

let sessions = 0;
let asked = 1000;
const waiting = new Map<number, (frame: Frame) => void>();

/** Asks the client something and waits for what it answers. */
function ask(method: string, params: object): Promise<Frame> {
  const id = (asked += 1);
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

if (is("exits-at-once")) process.exit(3);
if (is("ignores-signals")) process.on("SIGTERM", () => undefined);
if (is("floods-errors")) {
  process.stderr.write(`the key is ${process.env["AGENT_API_KEY"] ?? ""}\n`);
  for (let index = 0; index < 20_000; index += 1) process.stderr.write(`line ${index} ${"x".repeat(200)}\n`);
  process.stderr.write(`${"y".repeat(2_000_000)}\n`);
}

function initialize(id: number): void {
  if (is("never-initializes")) return void process.stderr.write("waiting\n");
  if (is("crashes-at-initialize")) process.exit(4);
  if (is("garbage"))
    raw('Welcome!\n\u0000\u0001\n[1,2]\n"text"\n{"jsonrpc":"1.0"}\n{"id":1}\n{"jsonrpc":"2.0","id":{"a":1},"method":"x"}\n');
  const capabilities = {
    loadSession: is("replays") || is("refuses-resume"),
    sessionCapabilities: is("refuses-resume") ? { resume: {} } : {},
  };
  send({ id, result: { protocolVersion: is("wrong-version") ? 99 : 1, agentCapabilities: capabilities } });
}

async function prompt(id: number, sessionId: string, text: string): Promise<void> {
  const done = (): void => send({ id, result: { stopReason: "end_turn" } });
  switch (way) {
    case "half-frames": {
      const frame = `${JSON.stringify({ jsonrpc: "2.0", method: "session/update", params: { sessionId, update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "häppchen" } } } })}\n`;
      for (const byte of Buffer.from(frame)) process.stdout.write(Buffer.of(byte));
      return done();
    }
    case "giant-update":
      say(sessionId, "z".repeat(17 * 1024 * 1024));
      say(sessionId, "small");
      return done();
    case "giant-answer":
      return send({ id, result: { stopReason: "end_turn", padding: "z".repeat(17 * 1024 * 1024) } });
    case "wrong-ids":
      send({ id: 424_242, result: {} });
      send({ id: "what", error: { code: 1, message: "who" } });
      say(sessionId, "still here");
      return done();
    case "answers-twice":
      say(sessionId, "once");
      done();
      say(sessionId, "late");
      return done();
    case "malformed-answer":
      return send({ id, result: "nothing" });
    case "broken-updates":
      update(sessionId, { sessionUpdate: "agent_message_chunk", content: { type: "text" } });
      update(sessionId, { sessionUpdate: "agent_message_chunk" });
      update(sessionId, { sessionUpdate: "tool_call", toolCallId: 5 });
      update(sessionId, { sessionUpdate: "from_the_future", content: {} });
      send({ method: "session/update", params: 5 });
      send({ method: "_extension", params: {} });
      update(sessionId, { sessionUpdate: "agent_message_chunk", content: { type: "image", data: "!!", mimeType: "../x" } });
      say(sessionId, "fine");
      return done();
    case "odd-tools":
      update(sessionId, { sessionUpdate: "tool_call_update", toolCallId: "unknown", status: "completed" });
      update(sessionId, { sessionUpdate: "tool_call", toolCallId: "a", title: "A\nB\u202e", kind: "search" });
      update(sessionId, { sessionUpdate: "tool_call", toolCallId: "a", title: "Again", kind: "execute" });
      update(sessionId, { sessionUpdate: "tool_call_update", toolCallId: "a", status: "failed" });
      update(sessionId, { sessionUpdate: "tool_call_update", toolCallId: "a", status: "completed" });
      update(sessionId, { sessionUpdate: "tool_call", toolCallId: "a", title: "Later" });
      update(sessionId, { sessionUpdate: "tool_call", toolCallId: "x".repeat(900), title: "Long" });
      return done();
    case "many-tools":
      for (let index = 0; index < 5000; index += 1)
        update(sessionId, { sessionUpdate: "tool_call", toolCallId: `t${index}`, title: "T", kind: "read" });
      return done();
    case "crashes-mid-prompt":
      say(sessionId, "part ");
      update(sessionId, { sessionUpdate: "tool_call", toolCallId: "open", title: "Open", kind: "execute" });
      if (text.includes("crash")) setTimeout(() => process.exit(9), 20);
      else done();
      return undefined;
    case "closes-output":
      say(sessionId, "bye");
      process.stdout.end();
      return undefined;
    case "other-sessions":
      say("session-2", "for somebody else");
      say("session-999", "for nobody");
      say(sessionId, "mine");
      return done();
    case "permission-for-others": {
      const options = [{ optionId: "y", name: "Yes", kind: "allow_once" }];
      const answers = await Promise.all([
        ask("session/request_permission", { sessionId: "session-999", toolCall: { toolCallId: "t" }, options }),
        ask("session/request_permission", { sessionId, toolCall: {}, options }),
        ask("session/request_permission", { sessionId, toolCall: { toolCallId: "never-told", title: "Secret" }, options: [] }),
        ask("no/such_method", {}),
        ask("fs/read_text_file", { sessionId, path: "/etc/passwd" }),
        ask("terminal/create", { sessionId, command: "true" }),
      ]);
      say(sessionId, JSON.stringify(answers.map(({ result, error }) => result ?? (error as { code: number }).code)));
      return done();
    }
    case "floods-requests":
      for (let index = 0; index < 1000; index += 1)
        send({
          id: 5000 + index,
          method: "session/request_permission",
          params: { sessionId, toolCall: { toolCallId: `${index}` }, options: [] },
        });
      return undefined;
    case "floods-text":
      for (let index = 0; index < Number(detail); index += 1) {
        const line = JSON.stringify({
          jsonrpc: "2.0",
          method: "session/update",
          params: {
            sessionId,
            update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "x".repeat(1000) } },
          },
        });
        if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once("drain", resolve));
      }
      return done();
    case "ignores-cancel":
    case "ignores-everything":
    case "ignores-signals":
      say(sessionId, "stuck");
      if (text.includes("go")) done();
      return undefined;
    case "leaves-children": {
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM',()=>{}); setInterval(()=>{}, 1000)"], {
        stdio: "ignore",
      });
      say(sessionId, String(child.pid));
      return done();
    }
    case "calls-back":
      for (const command of detail.split(";")) {
        const [method = "", params = "{}"] = command.split(" ");
        const { result, error } = await ask(method, { sessionId, ...(JSON.parse(params) as object) });
        say(sessionId, `${JSON.stringify(result ?? (error as { code: number }).code)}\n`);
      }
      return done();
    default:
      say(sessionId, `told ${text}`);
      return done();
  }
}

const isDeaf = (): boolean => is("ignores-everything") && sessions > 0;

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { id = 0, method, params, result, error } = JSON.parse(line) as Frame;
  const sessionId = params?.sessionId ?? "";
  switch (method) {
    case undefined:
      waiting.get(id)?.({ result, error });
      waiting.delete(id);
      return;
    case "initialize":
      return initialize(id);
    case "session/new":
      sessions += 1;
      if (is("stops-reading")) lines.pause();
      return send({ id, result: { sessionId: is("same-session") ? "session-1" : `session-${sessions}` } });
    case "session/load":
      if (is("refuses-resume")) return send({ id, error: { code: -32_002, message: "no such session" } });
      update(sessionId, { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "old words" } });
      return send({ id, result: null });
    case "session/prompt":
      return void prompt(id, sessionId, params?.prompt?.at(-1)?.text ?? "");
    case "session/cancel":
      return;
    default:
      if (!isDeaf()) send({ id, error: { code: -32_601, message: `no ${method}` } });
  }
});
// Without reading nothing else would keep it running.
if (is("stops-reading")) setInterval(() => undefined, 1000);
if (is("ignores-signals")) process.stdin.on("close", () => setInterval(() => undefined, 1000));
