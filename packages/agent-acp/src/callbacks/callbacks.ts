import type { AgentHost } from "@hermes/core";
import type { AcpConfiguration } from "../configuration.ts";
import type { ClientSide } from "../peer/client.ts";
import type { ReceivedFiles } from "../prompt/files.ts";
import type { AcpSession } from "../sessions/session.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { cancelled } from "../turn/permission.ts";
import { refuse } from "./refusal.ts";
import { Roots } from "./roots.ts";
import { Terminals } from "./terminals.ts";
import { readTextFile, writeTextFile } from "./text-files.ts";

/** What the agent may ask of us, and how that ends. */
export interface Callbacks {
  readonly side: ClientSide;
  readonly outputOf: (session: AcpSession, terminalId: string) => string | undefined;
  readonly releaseOf: (session: AcpSession) => Promise<void>;
  releaseAll(): Promise<void>;
  close(): Promise<void>;
}

/** Answers what the agent asks, for sessions that are live and for nobody else. */
export function createCallbacks(
  configuration: AcpConfiguration,
  host: Pick<AgentHost, "clock">,
  received: ReceivedFiles,
  sessions: () => Sessions,
): Callbacks {
  const { roots: folders, cwd, environment, fileSystem, terminal } = configuration;
  const roots = new Roots(folders);
  const terminals = new Terminals({ roots, cwd, environment, clock: host.clock });
  const live = async (sessionId: string): Promise<AcpSession> =>
    sessions().byAgentId(sessionId) ?? (await refuse("not-found", "There is no such session"));
  const inSession = async <Asked extends { readonly sessionId: string }, Given>(
    asked: Asked,
    give: (asked: Asked) => Promise<Given>,
  ): Promise<Given> => {
    await live(asked.sessionId);
    return await give(asked);
  };
  const files = {
    read: async ({ sessionId, path, line, limit }: Parameters<NonNullable<ClientSide["files"]>["read"]>[0]) => {
      const { conversation } = await live(sessionId);
      // What people sent in this conversation lies outside the roots, and may be read like them.
      const reach = conversation === undefined ? roots : new Roots([...folders, received.folderOf(conversation)]);
      return { content: await readTextFile(path, { line, limit }, reach) };
    },
    ...(fileSystem === "write"
      ? {
          write: async ({ sessionId, path, content }: { sessionId: string; path: string; content: string }) => {
            await live(sessionId);
            await writeTextFile(path, content, roots);
          },
        }
      : {}),
  };
  const side: ClientSide = {
    update: (sessionId, update) => sessions().byAgentId(sessionId)?.take(update),
    permission: async (request, signal) =>
      (await sessions().byAgentId(request.sessionId)?.listener?.permission(request, signal)) ?? cancelled,
    ...(fileSystem === "none" ? {} : { files }),
    ...(terminal
      ? {
          terminals: {
            create: (request) => inSession(request, (asked) => terminals.create(asked)),
            output: (request) => terminals.output(request),
            waitForExit: (request, signal) => terminals.waitForExit(request, signal),
            kill: (request) => terminals.kill(request),
            release: (request) => terminals.release(request),
          },
        }
      : {}),
  };
  return {
    side,
    outputOf: (session, terminalId) => terminals.outputOf(session.id, terminalId),
    releaseOf: (session) => terminals.releaseOf(session.id),
    releaseAll: () => terminals.releaseAll(),
    close: () => terminals.close(),
  };
}
