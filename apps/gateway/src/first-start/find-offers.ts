import type { AgentManifest, AgentOffer, Json, Machine } from "@hermes/core";
import { printable } from "../log/printable.ts";
import type { FindAgent } from "../platforms/find-manifest.ts";

/** What is found is shown with one digit each. */
const maxOffers = 9;
const maxHints = 5;
const maxLabelLength = 80;
const maxDetectMs = 2000;

/** What this machine has to answer with. */
export interface Offers {
  /** Those that work as the machine is, the best first; people choose them by their place, from 1. */
  readonly ready: readonly AgentOffer[];
  /** Those that need something first, which their hint says. */
  readonly unready: readonly (AgentOffer & { readonly hint: string })[];
  /** Packages that would know more, and how they are installed. */
  readonly missing: readonly string[];
}

export interface OffersParts {
  /** Kinds of agents that are asked. */
  readonly kinds: readonly string[];
  readonly findAgent: FindAgent;
  readonly machine: Machine;
  /** What went wrong on the way, which nobody else needs to know. */
  readonly debug: (line: string) => void;
  /** How long all of them have together. Default 2 seconds. */
  readonly limitMs?: number;
}

/** Asks every kind of agent, all at once, what of it this machine has. One that fails or is slow has none. */
export async function findOffers({ kinds, findAgent, machine, debug, limitMs = maxDetectMs }: OffersParts): Promise<Offers> {
  const tooLong = Promise.withResolvers<never>();
  const timer = setTimeout(() => tooLong.reject(new Error(`it took longer than ${limitMs} ms`)), limitMs);
  // Where nobody is asked, nobody waits for this.
  tooLong.promise.catch(() => undefined);
  const missing: string[] = [];
  const ask = async (kind: string): Promise<readonly AgentOffer[]> => {
    try {
      const manifest = await Promise.race([findAgent(kind), tooLong.promise]);
      if ("fault" in manifest) {
        missing.push(manifest.remedy);
        return [];
      }
      const offers = await Promise.race([manifest.detect?.(machine) ?? [], tooLong.promise]);
      const checked = await Promise.all(offers.map((offer) => checkOffer(offer, kind, manifest)));
      return checked.filter((offer) => offer !== undefined);
    } catch (error) {
      debug(`Nothing is offered of ${kind}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  };
  try {
    const found = (await Promise.all(kinds.map(ask))).flat();
    return {
      ready: found.filter(({ hint }) => hint === undefined).slice(0, maxOffers),
      unready: found.flatMap(({ hint, ...offer }) => (hint === undefined ? [] : [{ ...offer, hint }])).slice(0, maxHints),
      missing: missing.toSorted(),
    };
  } finally {
    clearTimeout(timer);
  }
}

/** An offer whose words fit a line and whose section its own package takes. */
async function checkOffer(
  { label, section, hint }: AgentOffer,
  kind: string,
  manifest: AgentManifest,
): Promise<AgentOffer | undefined> {
  const { use, ...configuration }: { readonly [key: string]: Json } = section;
  if (use !== kind) return undefined;
  const result = await manifest.configuration["~standard"].validate(configuration);
  if (result.issues !== undefined) return undefined;
  const words = { label: printable(label).slice(0, maxLabelLength), section };
  return hint === undefined ? words : { ...words, hint: printable(hint) };
}
