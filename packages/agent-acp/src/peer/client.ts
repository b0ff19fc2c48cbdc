import type * as acp from "@agentclientprotocol/sdk";

/** What an agent may ask of us while it runs. Absent: it was told that there is none, and is refused. */
export interface ClientSide {
  /** Of one session; in order, and the next is not read before this one was taken. */
  update(sessionId: string, update: Readonly<Record<string, unknown>>): void | Promise<void>;
  permission(request: acp.RequestPermissionRequest, signal: AbortSignal): Promise<acp.RequestPermissionResponse>;
  readonly files?: {
    read(request: acp.ReadTextFileRequest): Promise<acp.ReadTextFileResponse>;
    write?(request: acp.WriteTextFileRequest): Promise<void>;
  };
  readonly terminals?: {
    create(request: acp.CreateTerminalRequest): Promise<acp.CreateTerminalResponse>;
    output(request: acp.TerminalOutputRequest): Promise<acp.TerminalOutputResponse>;
    waitForExit(request: acp.WaitForTerminalExitRequest, signal: AbortSignal): Promise<acp.WaitForTerminalExitResponse>;
    kill(request: acp.KillTerminalRequest): Promise<void>;
    release(request: acp.ReleaseTerminalRequest): Promise<void>;
  };
}

/** What an agent is told that we can do for it. */
export function clientCapabilities({ files, terminals }: ClientSide): acp.ClientCapabilities {
  return {
    fs: { readTextFile: files !== undefined, writeTextFile: files?.write !== undefined },
    terminal: terminals !== undefined,
    session: { configOptions: { boolean: {} } },
  };
}

/** The library's client with our answers in it: it checks each request against the protocol's schema before we see it. */
export function createClient(library: typeof acp, side: ClientSide): acp.ClientApp {
  const client = library
    .client({ name: "hermes" })
    .onRequest("session/request_permission", ({ params, signal }) => side.permission(params, signal));
  const { files, terminals } = side;
  if (files !== undefined) {
    client.onRequest("fs/read_text_file", ({ params }) => files.read(params));
    if (files.write !== undefined) client.onRequest("fs/write_text_file", ({ params }) => files.write?.(params));
  }
  if (terminals !== undefined) {
    client
      .onRequest("terminal/create", ({ params }) => terminals.create(params))
      .onRequest("terminal/output", ({ params }) => terminals.output(params))
      .onRequest("terminal/wait_for_exit", ({ params, signal }) => terminals.waitForExit(params, signal))
      .onRequest("terminal/kill", ({ params }) => terminals.kill(params))
      .onRequest("terminal/release", ({ params }) => terminals.release(params));
  }
  return client;
}
