import type { Configuration, ConfigurationInput } from "../config/configuration.ts";
import type { Environment } from "../config/environment.ts";
import { isGatewayError } from "../config/problem.ts";
import { readSources } from "../config/sources.ts";
import { printable } from "../log/printable.ts";
import { officialAgents } from "../official-agents.ts";
import { createFindAgent } from "../platforms/find-manifest.ts";
import { chooseOffer, type Choice, type Chooser } from "./choose-offer.ts";
import { findOffers, type Offers } from "./find-offers.ts";
import { createMachine } from "./machine.ts";
import { rememberOffered, wasOffered } from "./offered.ts";
import { writeAgent } from "./write-agent.ts";

export interface FirstStartParts {
  readonly configuration: Configuration;
  readonly input: ConfigurationInput;
  readonly debug: (line: string) => void;
  /** Shows a whole line. */
  readonly say: (line: string) => void;
  /** How a person is asked; absent where nobody sits in front of it. */
  readonly chooser?: Chooser;
}

/** What becomes of a gateway for which nobody has configured an agent. */
export interface FirstStart {
  /**
   * Asks, once in the life of a home, which of the agents on this machine is to answer, and writes it down. Only who serves the home calls this.
   *
   * @returns the configuration from now on.
   */
  settle(): Promise<Configuration>;
  /** Says, where nobody was chosen, what was found and how it is switched on. */
  tell(): Promise<void>;
}

/** Whether nobody has said who is to answer. */
export function hasNoAgent({ merged }: Pick<Configuration, "merged">): boolean {
  return merged.get(["agents", "main", "use"])?.setting.source.kind === "default";
}

/** What the agents of this machine are, as far as the packages that are installed know. */
export async function lookAround(home: string, environment: Environment, debug: (line: string) => void): Promise<Offers> {
  const { variables } = await readSources(environment);
  return await findOffers({
    kinds: Object.keys(officialAgents),
    findAgent: createFindAgent(officialAgents, home),
    machine: createMachine(environment, variables),
    debug,
  });
}

export function createFirstStart({ configuration, input, debug, say, chooser }: FirstStartParts): FirstStart {
  const { home } = configuration;
  const isOpen = hasNoAgent(configuration);
  let found: Offers | undefined;
  let choice: Choice | undefined;
  const look = async (): Promise<Offers> => (found ??= await lookAround(home, input.environment, debug));
  return {
    async settle() {
      if (!isOpen || chooser === undefined || (await wasOffered(home))) return configuration;
      const offers = await look();
      if (offers.ready.length === 0) return configuration;
      choice = await chooseOffer(offers, chooser);
      if (choice.state !== "ended") await rememberOffered(home);
      if (choice.state !== "chosen") return configuration;
      try {
        const changed = await writeAgent(home, choice.offer.section, input);
        say(`${choice.offer.label} answers from now on: ${home}/config.yaml says so. Another: hermes agent list`);
        return changed;
      } catch (error) {
        // A gateway that would have started without the question starts with it as well.
        if (!isGatewayError(error)) throw error;
        for (const line of error.message.split("\n")) say(printable(line));
        return configuration;
      }
    },
    async tell() {
      if (!isOpen || choice?.state === "chosen" || choice?.state === "ended") return;
      const line = hintOf(await look()) ?? (chooser === undefined ? undefined : nothingFound);
      if (line !== undefined) say(line);
    },
  };
}

/** Only for people: a service is told nothing that it cannot use. */
const nothingFound = "Nobody but echo answers yet, and no agent was found here. What to do: hermes agent list";

function hintOf({ ready, unready }: Offers): string | undefined {
  if (ready.length > 0) {
    const numbered = ready.map(({ label }, index) => `${index + 1} ${label}`).join(", ");
    return `Nobody but echo answers yet. Found here: ${numbered}. Switch one on: hermes agent use 1`;
  }
  const [first] = unready;
  return first === undefined
    ? undefined
    : `Nobody but echo answers yet. ${first.label} is here. ${first.hint}; then: hermes agent list`;
}
