import type { AgentHost } from "@hermes/core";
import { AcpError } from "../acp-error.ts";
import type { AcpConfiguration } from "../configuration.ts";
import { Complaints } from "../process/complaints.ts";
import { findProgram } from "../process/find-program.ts";
import { LineSplitter } from "../process/line-splitter.ts";
import { ProcessGroup } from "../process/process-group.ts";
import { createRedaction, secretsOf } from "../secrets.ts";
import { unlessAborted } from "../time-limit.ts";
import { factsOf, initializeResponse, protocolVersion } from "./agent-facts.ts";
import { clientCapabilities, type ClientSide } from "./client.ts";
import { Peer } from "./peer.ts";
import { ensureFolder } from "./working-folder.ts";

/** A longer line on standard error is told as such. */
const maxErrorLineBytes = 64 * 1024;
/** `clientInfo` wants a version of its own: what the protocol side of this package can do. */
const clientInfo = { name: "hermes-gateway", title: "Hermes Gateway", version: "1.0.0" };

/**
 * Starts the program and comes to an understanding with it. Rejects with an `AcpError`, also when `signal` is aborted meanwhile; nothing
 * is left running then.
 */
export async function startPeer(
  configuration: AcpConfiguration,
  host: AgentHost,
  side: ClientSide,
  signal: AbortSignal,
): Promise<Peer> {
  const { command, startTimeoutMs } = configuration;
  const who = `[${host.name}] \`${command}\``;
  const redact = createRedaction(secretsOf(configuration));
  const complaints = new Complaints(host.logger, redact, host.clock);
  const group = await startProcess(configuration, host, who);
  void tellErrors(group, complaints);
  const peer = await Peer.connect({ group, clock: host.clock, complaints, redact, who }, side);
  try {
    const asked = { protocolVersion, clientCapabilities: clientCapabilities(side), clientInfo };
    const answer = await unlessAborted(peer.request("initialize", asked, initializeResponse, startTimeoutMs), signal);
    if (answer === undefined) throw new AcpError("closed", `${who} is not needed any more`);
    if (answer.protocolVersion !== protocolVersion) {
      const both = `version ${answer.protocolVersion} of the protocol, where ${protocolVersion} is spoken here`;
      throw new AcpError("unsupported", `${who} speaks ${both}: use a release of it that fits`);
    }
    peer.facts = factsOf(answer, command);
    return peer;
  } catch (error) {
    await peer.close("did not start", "ended");
    throw error;
  }
}

async function startProcess(configuration: AcpConfiguration, { clock }: AgentHost, who: string): Promise<ProcessGroup> {
  const { command, args, environment, cwd } = configuration;
  const file = await findProgram(command, environment["PATH"]);
  if (file === undefined) {
    const where = "PATH" in environment ? "on the `PATH` of `environment`" : "and `environment` has no `PATH`";
    throw new AcpError("not-found", `${who} is not there ${where}: install it, or set \`command\` to its absolute path`);
  }
  await ensureFolder(configuration, who);
  try {
    return await ProcessGroup.start({ file, args, cwd, environment, hasInput: true }, clock);
  } catch (error) {
    throw new AcpError("not-started", `${who} could not be started: ${systemReason(error)}`, { cause: error });
  }
}

/** What the system says, without the arguments that Node puts into its message. */
function systemReason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "the system refused";
}

/** Standard error goes into the log line by line: most agents write there what they do. */
async function tellErrors({ errors }: ProcessGroup, complaints: Complaints): Promise<void> {
  if (errors === null) return;
  const lines = new LineSplitter(maxErrorLineBytes);
  const tell = (line: ReturnType<LineSplitter["end"]>): void => {
    if (line?.kind === "line") complaints.debug(`It says: ${line.text}`);
    else if (line?.kind === "too-long") complaints.debug(`It says a line of ${line.sizeBytes} bytes that begins: ${line.head}`);
  };
  try {
    for await (const piece of errors as AsyncIterable<Buffer>) for (const line of lines.push(piece)) tell(line);
    tell(lines.end());
  } catch (error) {
    complaints.debug(`Its standard error broke off: ${String(error)}`);
  }
}
