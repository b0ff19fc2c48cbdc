import { z } from "zod";

const text = z.string();
const optionalText = z.string().nullish().catch(undefined);
const choice = z.looseObject({ value: text.min(1), name: text, description: optionalText });

const named = { id: text.min(1), name: text, description: optionalText, category: optionalText };

/** https://agentclientprotocol.com/protocol/v1/session-config-options */
const configOption = z.discriminatedUnion("type", [
  z.looseObject({
    ...named,
    type: z.literal("select"),
    currentValue: text,
    options: z.array(z.union([choice, z.looseObject({ group: text, options: z.array(choice) })])).max(1000),
  }),
  z.looseObject({ ...named, type: z.literal("boolean"), currentValue: z.boolean() }),
]);

/** An option that an agent offers, as it says it. */
export type ConfigOption = z.output<typeof configOption>;

// What is none of those that are known does not take the others with it.
const configOptions = z
  .array(z.unknown())
  .max(200)
  .transform((all) =>
    all.flatMap((each) => {
      const read = configOption.safeParse(each);
      return read.success ? [read.data] : [];
    }),
  );

/** https://agentclientprotocol.com/protocol/v1/session-modes */
const modes = z.looseObject({
  currentModeId: text,
  availableModes: z.array(z.looseObject({ id: text.min(1), name: text, description: optionalText })).max(200),
});
export type Modes = z.output<typeof modes>;

const offers = { modes: modes.nullish().catch(undefined), configOptions: configOptions.nullish().catch(undefined) };

/** The answer to `session/new`. */
export const newSessionResponse = z.looseObject({ sessionId: text.min(1).max(1000), ...offers });

/** The answer to `session/load` and `session/resume`; some agents answer `null`. */
export const openedSessionResponse = z.union([z.looseObject(offers), z.null().transform((): SessionOffers => ({}))]);

/** The answer to `session/set_config_option`, and the update that tells the same. */
export const configOptionsUpdate = z.looseObject({ configOptions });

/** The update that tells of another mode. */
export const currentModeUpdate = z.looseObject({ currentModeId: text });

/** What a session offers to choose. */
export interface SessionOffers {
  readonly modes?: Modes | null | undefined;
  readonly configOptions?: readonly ConfigOption[] | null | undefined;
}
