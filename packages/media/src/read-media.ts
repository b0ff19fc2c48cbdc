import type { Agent, AgentEvent, Input, Turn } from "@hermes/core";
import type { MediaConfiguration } from "./configuration.ts";
import type { MediaHost } from "./media-host.ts";
import { createReaders } from "./readers.ts";
import { TurnReading } from "./turn-reading.ts";

const defaultMaxTotalBytes = 300_000;
const defaultMaxAttachments = 10;

/**
 * An agent that reads what people send: voice in words, pictures described, documents as text, all of it after the text it came with.
 * Everything else of the agent is as it was. Nothing is asked, started or written before something is sent.
 */
export function readMedia(agent: Agent, configuration: MediaConfiguration, host: MediaHost): Agent {
  for (const secret of secretsOf(configuration)) host.conceal?.(secret);
  const readers = createReaders(configuration, host);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const readingFor = (turn: Turn): TurnReading =>
    new TurnReading({
      readers,
      occasion: {
        turn,
        signal: AbortSignal.any([turn.signal, closing.signal]),
        budget: { leftBytes: configuration.documents?.maxTotalBytes ?? defaultMaxTotalBytes },
      },
      maxAttachments: configuration.maxAttachments ?? defaultMaxAttachments,
      logger: host.logger,
    });
  const tracked = async <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    try {
      return await work;
    } finally {
      running.delete(work);
    }
  };
  return {
    ...passedOn(agent),
    async *run(turn: Turn): AsyncGenerator<AgentEvent, void> {
      const reading = readingFor(turn);
      const input = await tracked(enrichAll(reading, turn.input));
      // The next process reads it all again, and pays for nothing twice.
      if (closing.signal.aborted || turn.signal.reason === "shutdown") return;
      const takeSteering = async (): Promise<readonly Input[]> => {
        const taken = await turn.takeSteering();
        return await tracked(enrichEach(reading, taken));
      };
      yield* agent.run({ ...turn, input, takeSteering });
    },
    async close() {
      closing.abort();
      await Promise.allSettled(running);
      readers.close();
      await agent.close?.();
    },
  };
}

/** All that an agent is beside its runs, as it is. */
function passedOn(agent: Agent): Omit<Agent, "run" | "close"> {
  const { settingIds } = agent;
  return {
    features: agent.features,
    ...(settingIds === undefined ? {} : { settingIds }),
    ...(agent.settings === undefined ? {} : { settings: agent.settings.bind(agent) }),
    ...(agent.choose === undefined ? {} : { choose: agent.choose.bind(agent) }),
    ...(agent.reload === undefined ? {} : { reload: agent.reload.bind(agent) }),
    ...(agent.forget === undefined ? {} : { forget: agent.forget.bind(agent) }),
  };
}

async function enrichAll(reading: TurnReading, [first, ...rest]: Turn["input"]): Promise<Turn["input"]> {
  return [await reading.enrich(first), ...(await enrichEach(reading, rest))];
}

async function enrichEach(reading: TurnReading, inputs: readonly Input[]): Promise<readonly Input[]> {
  const enriched: Input[] = [];
  for (const input of inputs) enriched.push(await reading.enrich(input));
  return enriched;
}

/** Of a program's environment only what is called so, and is long enough not to be a part of every other word. */
function secretsOf({ transcription, images }: MediaConfiguration): readonly string[] {
  const keys = [transcription?.apiKey, images?.describe?.apiKey].filter((key) => key !== undefined);
  const variables = Object.entries(transcription?.environment ?? {}).filter(
    ([name, value]) => /key|token|secret|passw|credential/iu.test(name) && value.length >= 8,
  );
  return [...keys, ...variables.map(([, value]) => value)];
}
