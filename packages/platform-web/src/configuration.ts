import { z } from "zod";

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
  maxConnections: z.int().min(1).optional().describe("Sockets at once. Default 1000."),
  messagesPerMinute: z.int().min(1).optional().describe("Requests of one connection within a minute. Default 100."),
});

export type WebConfiguration = z.output<typeof configurationSchema>;
