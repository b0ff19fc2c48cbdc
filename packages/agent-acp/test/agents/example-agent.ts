import { Readable, Writable } from "node:stream";
import {
  agent,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
  type AgentContext,
  type SessionConfigOption,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";
import { runSkill, type Skills } from "./skills.ts";

/**
 * An ordinary agent, made with the vendor's own library: it does what it is told in words such as `say hello; tool edit`.
 * Its arguments take features away: `no-resume`, `no-load`, `no-media`, `no-close`, `login`.
 */
const lacks = new Set(process.argv.slice(2));

interface Session {
  readonly cwd: string;
  readonly said: string[];
  mode: string;
  model: string;
  isVerbose: boolean;
  cancel: AbortController;
}

const sessions = new Map<string, Session>();
/** What the agent keeps beyond its process, as real ones do in their own files. */
const memory = process.env["AGENT_MEMORY"];
let count = 0;

function optionsOf({ model, isVerbose }: Session): SessionConfigOption[] {
  return [
    {
      type: "select",
      id: "the-model",
      name: "Model",
      category: "model",
      currentValue: model,
      options: [
        { value: "small", name: "Small" },
        { value: "large", name: "Large", description: "Knows more" },
      ],
    },
    { type: "boolean", id: "verbose", name: "Verbose", currentValue: isVerbose },
  ];
}

function offersOf(session: Session) {
  return {
    modes: {
      currentModeId: session.mode,
      availableModes: [
        { id: "code", name: "Code" },
        { id: "plan", name: "Plan" },
      ],
    },
    configOptions: optionsOf(session),
  };
}

function create(cwd: string): Session {
  return { cwd, said: [], mode: "code", model: "small", isVerbose: false, cancel: new AbortController() };
}

function find(sessionId: string): Session {
  const session = sessions.get(sessionId);
  if (session === undefined) throw RequestError.sessionNotFound(sessionId);
  return session;
}

async function remembered(sessionId: string): Promise<string[] | undefined> {
  if (memory === undefined) return undefined;
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(`${memory}/${sessionId}.json`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as string[]);
}

async function remember(sessionId: string, said: readonly string[]): Promise<void> {
  if (memory === undefined) return;
  const { writeFile } = await import("node:fs/promises");
  await writeFile(`${memory}/${sessionId}.json`, JSON.stringify(said));
}

async function takeUp(sessionId: string, cwd: string): Promise<Session> {
  const said = await remembered(sessionId);
  if (said === undefined) throw RequestError.sessionNotFound(sessionId);
  const session = create(cwd);
  session.said.push(...said);
  sessions.set(sessionId, session);
  return session;
}

function update(client: AgentContext, sessionId: string, update: SessionUpdate): Promise<void> {
  return client.notify("session/update", { sessionId, update });
}

const app = agent({ name: "example" })
  .onRequest("initialize", () => ({
    protocolVersion: PROTOCOL_VERSION,
    agentInfo: { name: "example-agent", title: "Example Agent", version: "1.2.3" },
    authMethods: [{ id: "account", name: "Account", description: "Run `example login`" }],
    agentCapabilities: {
      loadSession: !lacks.has("no-load"),
      promptCapabilities: lacks.has("no-media") ? {} : { image: true, audio: true, embeddedContext: true },
      mcpCapabilities: { http: true },
      sessionCapabilities: {
        ...(lacks.has("no-resume") ? {} : { resume: {} }),
        ...(lacks.has("no-close") ? {} : { close: {}, delete: {} }),
      },
    },
  }))
  .onRequest("session/new", async ({ params }) => {
    if (lacks.has("login")) throw RequestError.authRequired();
    const sessionId = `session-${process.pid}-${(count += 1)}`;
    const session = create(params.cwd);
    session.said.push(`mcp ${params.mcpServers.map(({ name }) => name).join(",")}`);
    sessions.set(sessionId, session);
    await remember(sessionId, session.said);
    return { sessionId, ...offersOf(session) };
  })
  .onRequest("session/resume", async ({ params }) => offersOf(await takeUp(params.sessionId, params.cwd)))
  .onRequest("session/load", async ({ params, client }) => {
    const session = await takeUp(params.sessionId, params.cwd);
    for (const text of session.said) {
      await update(client, params.sessionId, { sessionUpdate: "user_message_chunk", content: { type: "text", text } });
      await update(client, params.sessionId, {
        sessionUpdate: "agent_message_chunk",
        content: { type: "text", text: `replayed ${text}` },
      });
    }
    return offersOf(session);
  })
  .onRequest("session/close", ({ params }) => {
    sessions.delete(params.sessionId);
  })
  .onRequest("session/delete", async ({ params }) => {
    if (memory === undefined) return;
    const { rm } = await import("node:fs/promises");
    await rm(`${memory}/${params.sessionId}.json`, { force: true });
  })
  .onRequest("session/set_mode", ({ params }) => {
    find(params.sessionId).mode = params.modeId;
  })
  .onRequest("session/set_config_option", ({ params }) => {
    const session = find(params.sessionId);
    if (params.configId === "the-model") session.model = String(params.value);
    else session.isVerbose = params.value === true;
    return { configOptions: optionsOf(session) };
  })
  .onNotification("session/cancel", ({ params }) => find(params.sessionId).cancel.abort())
  .onRequest("session/prompt", async ({ params, client }) => {
    const { sessionId, prompt } = params;
    const session = find(sessionId);
    session.cancel = new AbortController();
    const [first] = prompt;
    const text = first?.type === "text" ? first.text : "";
    session.said.push(text);
    await remember(sessionId, session.said);
    const skills: Skills = {
      client,
      sessionId,
      prompt,
      said: session.said,
      settings: () => `${session.mode} ${session.model} ${session.isVerbose}`,
      signal: session.cancel.signal,
      tell: (told) => update(client, sessionId, told),
    };
    // The last line holds the commands: what stands above it is what the agent is given to know.
    const commands = (text.split("\n").at(-1) ?? "").replace(/^> /u, "");
    for (const command of commands.split(";").map((each) => each.trim())) {
      if (session.cancel.signal.aborted) break;
      const stopReason = await runSkill(command, skills);
      if (stopReason !== undefined) return { stopReason };
    }
    return { stopReason: session.cancel.signal.aborted ? "cancelled" : "end_turn" };
  });

// Standard output is the protocol's: the library closes the connection when its input ends.
app.connect(
  ndJsonStream(
    Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
    Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
  ),
);
