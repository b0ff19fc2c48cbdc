import { join } from "node:path";
import { checkOptions, type Agent, type AgentEvent, type AgentHost, type Turn } from "@hermes/core";
import { AcpError, isAcpError } from "./acp-error.ts";
import { createCallbacks } from "./callbacks/callbacks.ts";
import { completeConfiguration, configurationSchema, type AcpOptions } from "./configuration.ts";
import { PeerKeeper } from "./peer/peer-keeper.ts";
import { startPeer } from "./peer/start-peer.ts";
import { ReceivedFiles } from "./prompt/files.ts";
import { secretsOf } from "./secrets.ts";
import { SessionOpener } from "./sessions/open-session.ts";
import { Sessions } from "./sessions/sessions.ts";
import { SettingsDesk } from "./settings/settings-desk.ts";
import { commonSettingIds } from "./settings/session-settings.ts";
import { OneAtATime } from "./turn/one-at-a-time.ts";
import { runTurn } from "./turn/run-turn.ts";

/**
 * An agent behind the Agent Client Protocol, as a process of its own that starts with the first turn.
 *
 * @throws TypeError for options that cannot work, saying which and why.
 */
export function acpAgent(options: AcpOptions, host: AgentHost): Agent {
  const configuration = completeConfiguration(checkOptions(configurationSchema, options, "ACP"), join(host.folder, "work"));
  for (const secret of secretsOf(configuration)) host.conceal(secret);
  const files = new ReceivedFiles(join(host.folder, "files"));
  const callbacks = createCallbacks(configuration, host, files, () => sessions);
  const keeper = new PeerKeeper(host, async (signal) => {
    const peer = await startPeer(configuration, host, callbacks.side, signal);
    void peer.ended.then(() => callbacks.releaseAll());
    return peer;
  });
  const sessions: Sessions = new Sessions({
    keeper,
    opener: new SessionOpener(configuration, host.logger),
    maxLive: configuration.maxSessions,
    onDropped: (session) => void callbacks.releaseOf(session),
  });
  const desk = new SettingsDesk(sessions);
  const lanes = new OneAtATime();
  const parts = { configuration, host, sessions, keeper, files, outputOf: callbacks.outputOf, onStopped: callbacks.releaseOf };
  let isClosed = false;
  return {
    // The session that was interrupted is the agent's own and knows what it did: it is asked to go on, and nothing is replayed.
    features: { steer: false, undo: false, resume: "continue" },
    settingIds: commonSettingIds,
    async *run(turn: Turn): AsyncGenerator<AgentEvent, void> {
      if (isClosed) throw new AcpError("closed", `[${host.name}] The agent is shut down`);
      const leave = await lanes.enter(turn.session.id, turn.signal);
      if (leave === undefined) return;
      try {
        yield* runTurn(turn, parts);
      } catch (error) {
        // Whoever stopped it knows why it broke off.
        if (!turn.signal.aborted || !isAcpError(error)) throw error;
      } finally {
        leave();
      }
    },
    settings: (session, signal) => desk.settings(session, signal),
    choose: (session, id, value, signal) => desk.choose(session, id, value, signal),
    async forget(sessionId) {
      await sessions.forget(sessionId);
      await files.forget(sessionId);
    },
    async close() {
      isClosed = true;
      await Promise.all([keeper.close(), callbacks.close()]);
      await lanes.idle();
    },
  };
}
