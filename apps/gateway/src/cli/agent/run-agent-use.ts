import type { AgentOffer } from "@hermes/core";
import { echoKind } from "../../config/agent-sections.ts";
import { GatewayError } from "../../config/problem.ts";
import { describeSource } from "../../config/setting.ts";
import { didYouMean } from "../../config/suggest.ts";
import type { Offers } from "../../first-start/find-offers.ts";
import { writeAgent } from "../../first-start/write-agent.ts";
import { printable } from "../../log/printable.ts";
import { findGateway } from "../operator/find-gateway.ts";
import { look, type Look } from "./look.ts";

/** `hermes agent use <offer>`: has an agent of this machine answer. */
export async function useAgent(wanted: string, { replace }: { readonly replace?: true }): Promise<void> {
  const { layered, offers, input } = await look();
  const offer = findOffer(wanted, offers);
  if (replace !== true) refuseToReplace(layered);
  const { home } = layered.sources;
  await writeAgent(home, offer.section, input);
  const gateway = await findGateway(home);
  const next =
    gateway.state === "absent" ? "Start the gateway: hermes gateway run" : "Have the gateway take it up: hermes gateway restart";
  process.stdout.write(`${printable(`${offer.label} answers from now on (agents.main in ${home}/config.yaml). ${next}`)}\n`);
}

/** By its number or its name; whatever would not work yet is none. */
function findOffer(wanted: string, { ready, unready }: Offers): AgentOffer {
  const same = ({ label }: AgentOffer): boolean => label.toLowerCase() === wanted.trim().toLowerCase();
  const offer = /^[1-9]$/u.test(wanted) ? ready[Number(wanted) - 1] : ready.find(same);
  if (offer !== undefined) return offer;
  const early = unready.find(same);
  if (early !== undefined) throw refusal(`${early.label} cannot answer yet. ${early.hint}`);
  const labels = ready.map(({ label }) => label);
  const known = labels.length === 0 ? "nothing was" : `there ${labels.length === 1 ? "is" : "are"} ${labels.join(", ")}`;
  throw refusal(`No agent "${printable(wanted)}" was found on this machine: ${known}.${didYouMean(wanted, labels)}`);
}

/** What somebody has written is not taken away for a word. */
function refuseToReplace({ merged }: Look["layered"]): void {
  const use = merged.get(["agents", "main", "use"])?.setting;
  if (use === undefined || use.source.kind === "default" || use.value === echoKind) return;
  throw refusal(
    `Another agent is configured already (${describeSource(use.source)}). To put this one in its place, add --replace`,
  );
}

function refusal(message: string): GatewayError {
  return new GatewayError(message, { exitCode: 78 });
}
