import { join } from "node:path";
import type { AgentHost, CheckResult } from "@hermes/core";
import { isAcpError, type AcpErrorCode } from "./acp-error.ts";
import { completeConfiguration, type AcpOptions } from "./configuration.ts";
import type { ClientSide } from "./peer/client.ts";
import type { Peer } from "./peer/peer.ts";
import { startPeer } from "./peer/start-peer.ts";
import { cancelled } from "./turn/permission.ts";
import { secretsOf } from "./secrets.ts";
import { SessionOpener } from "./sessions/open-session.ts";

/** Nobody prompts it, so that it asks for nothing. */
const silent: ClientSide = { update: () => undefined, permission: () => Promise.resolve(cancelled) };

/** Does it start, speak the protocol and let a session be opened? Starts it, and ends it again. */
export async function check(options: AcpOptions, host: AgentHost, signal: AbortSignal): Promise<CheckResult> {
  const configuration = completeConfiguration(options, join(host.folder, "work"));
  for (const secret of secretsOf(configuration)) host.conceal(secret);
  let peer: Peer | undefined;
  try {
    peer = await startPeer(configuration, host, silent, signal);
    const { name, version } = peer.facts;
    const session = await new SessionOpener(configuration, host.logger).create(peer);
    await session.close(true);
    return { ok: true, summary: `${name}${version === undefined ? "" : ` ${version}`} answers, and opened a session` };
  } catch (error) {
    if (!isAcpError(error)) throw error;
    return { ok: false, summary: error.message, remedy: remedyFor(error.code) };
  } finally {
    await peer?.close();
  }
}

function remedyFor(code: AcpErrorCode): string {
  switch (code) {
    case "not-found":
      return "Install the program, or set `command` to its absolute path";
    case "login-required":
      return "Log in to it in a terminal, as the user that the gateway runs as, or give it its key in `environment`";
    case "unsupported":
      return "Check that `command` and `args` start it as an ACP agent, and update it";
    case "not-started":
    case "ended":
    case "timed-out":
    case "refused":
    case "closed":
      return "Run `command` with its `args` in a terminal and see what it says; the log has its messages";
  }
}
