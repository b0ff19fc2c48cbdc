import { z } from "zod";

const limits = {
  maxConnections: z.int().min(1).max(1_000_000).optional().describe("Sockets at once. Default 1000."),
  messagesPerMinute: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("Requests of one connection within a minute. Default 100."),
};

/** What can be said of the door that a gateway opens by itself. */
export const ownDoorSchema = z.strictObject(limits);

/** What the door needs where somebody mounts it by themselves. */
export const configurationSchema = z.strictObject({
  token: z
    .string()
    .regex(/^[\w-]{32,256}$/u, "Expected 32 to 256 of the characters A-Z, a-z, 0-9, _ and -")
    .describe("Who shows it may do everything."),
  userId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/u, "Expected 1 to 64 of the characters A-Z, a-z, 0-9, _ and -")
    .optional()
    .describe("Whose conversations they are. Default `owner`."),
  ...limits,
});

export type WebConfiguration = z.output<typeof configurationSchema>;
