import type { Logger } from "@hermes/core";
import type { z } from "zod";
import { isAcpError } from "../acp-error.ts";
import type { AcpConfiguration } from "../configuration.ts";
import type { Peer } from "../peer/peer.ts";
import { newSessionResponse, openedSessionResponse } from "../settings/session-options.ts";
import { mcpServersFor } from "./mcp-servers.ts";
import { AcpSession } from "./session.ts";

const newLimitMs = 60_000;
/** An agent that loads a session tells all of it again. */
const loadLimitMs = 120_000;

/** Opens sessions in an agent's process. */
export class SessionOpener {
  readonly #configuration: AcpConfiguration;
  readonly #logger: Logger;

  constructor(configuration: AcpConfiguration, logger: Logger) {
    this.#configuration = configuration;
    this.#logger = logger;
  }

  /** A new one. Rejects with an `AcpError`. */
  async create(peer: Peer): Promise<AcpSession> {
    const answer = await peer.request("session/new", this.#place(peer), newSessionResponse, newLimitMs);
    return new AcpSession(answer.sessionId, peer, "new", answer);
  }

  /** The one that is called so, taken up again; undefined where the agent does not have it any more or cannot. */
  async takeUp(id: string, peer: Peer): Promise<AcpSession | undefined> {
    const { session } = peer.facts;
    const ways = [
      ...(session.resume ? [{ method: "session/resume", limitMs: newLimitMs }] : []),
      ...(session.load ? [{ method: "session/load", limitMs: loadLimitMs }] : []),
    ];
    for (const { method, limitMs } of ways) {
      const answer = await this.#try(peer, method, { sessionId: id, ...this.#place(peer) }, openedSessionResponse, limitMs);
      if (answer !== undefined) return new AcpSession(id, peer, "resumed", answer);
    }
    return undefined;
  }

  async #try<Schema extends z.ZodType>(
    peer: Peer,
    method: string,
    params: unknown,
    schema: Schema,
    limitMs: number,
  ): Promise<z.output<Schema> | undefined> {
    try {
      return await peer.request(method, params, schema, limitMs);
    } catch (error) {
      if (!isAcpError(error) || error.code !== "refused") throw error;
      this.#logger.info(`The earlier session is not taken up: ${error.message}`);
      return undefined;
    }
  }

  #place(peer: Peer): Record<string, unknown> {
    const { cwd, roots, mcpServers } = this.#configuration;
    const { usable, unusable } = mcpServersFor(mcpServers, peer.facts);
    if (unusable.length > 0)
      this.#logger.warn(`${peer.facts.name} reaches no MCP servers by HTTP: it goes without ${unusable.join(", ")}`);
    const others = roots.filter((root) => root !== cwd);
    const folders = peer.facts.session.folders && others.length > 0 ? { additionalDirectories: others } : {};
    return { cwd, mcpServers: usable, ...folders };
  }
}
