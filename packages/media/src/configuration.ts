import type { Json } from "@hermes/core";
import { z } from "zod";

const baseUrl = z
  .string()
  .refine(isBaseUrl, "Expected an address that begins with http:// or https://, without user, query or fragment")
  .transform((address) => address.replace(/\/+$/u, ""));

const apiKey = z
  .string()
  .regex(/^[!-~]{1,4096}$/u, "Expected a key without spaces")
  .describe("The service's key. Never read from anywhere else.");

const model = z.string().regex(/^[!-~]{1,200}$/u, "Expected the model's name, such as whisper-1");
const timeoutSeconds = z.number().positive().max(3600);
const part = z.string().regex(/^[^\0]{0,4096}$/u, "Expected a text without zero characters");
const program = z.string().regex(/^[^\0]{1,4096}$/u, "Expected a program, such as whisper");

const transcription = z
  .strictObject({
    baseUrl: baseUrl.optional().describe("An OpenAI-compatible service: `/audio/transcriptions` is added."),
    apiKey: apiKey.optional(),
    model: model.optional().describe("The model that listens, such as whisper-1."),
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/u, "Expected a language in two or three letters, such as en")
      .optional()
      .describe("What is spoken. Default: the service finds out."),
    command: z
      .tuple([program], part)
      .refine((parts) => parts.slice(1).some((each) => each.includes("{file}")), "Expected `{file}` in one of the arguments")
      .optional()
      .describe(
        "A program and its arguments, run without a shell; `{file}` stands for the recording. What it prints is what was said.",
      ),
    environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/u), part)
      .optional()
      .describe("All of the program's environment. Default: a usual PATH and LANG."),
    timeoutSeconds: timeoutSeconds.optional().describe("How long one recording may take. Default 120."),
  })
  .superRefine(checkTranscription);

const describe = z.strictObject({
  baseUrl: baseUrl.describe("An OpenAI-compatible service: `/chat/completions` is added."),
  apiKey: apiKey.optional(),
  model: model.describe("The model that sees, such as gpt-4o-mini."),
  prompt: z.string().min(1).max(4000).optional().describe("What it is asked about a picture."),
  timeoutSeconds: timeoutSeconds.optional().describe("How long one picture may take. Default 60."),
});

/** How what people send is read. */
export const mediaConfigurationSchema = z.strictObject({
  transcription: transcription.optional().describe("How voice becomes words. Absent: recordings reach the agent as they are."),
  images: z
    .preprocess((value) => (value === "pass" ? {} : value), z.strictObject({ describe: describe.optional() }))
    .optional()
    .describe("`pass` (default): the agent sees pictures itself. `describe`: a model says what they and stickers show."),
  documents: z
    .strictObject({
      read: z.boolean().optional().describe("Whether the text of documents stands in the message. Default true."),
      maxBytes: z.int().min(1).max(10_000_000).optional().describe("Of one document. Default 100000."),
      maxTotalBytes: z.int().min(1).max(10_000_000).optional().describe("Of all in one turn. Default 300000."),
    })
    .optional(),
  maxAttachments: z.int().min(1).max(100).optional().describe("How many are read in one turn; the others are named. Default 10."),
});

/** How what people send is read, checked. */
export type MediaConfiguration = z.output<typeof mediaConfigurationSchema>;
export type TranscriptionConfiguration = NonNullable<MediaConfiguration["transcription"]>;
export type DescriptionConfiguration = z.output<typeof describe>;

/** JSON Schema of the configuration, for editors and for finding unknown keys. */
export const mediaConfigurationJsonSchema = z.toJSONSchema(mediaConfigurationSchema, { io: "input" }) as Json;

/** Dotted keys whose values must never be shown; `*` stands for any one name. */
export const mediaSecrets: readonly string[] = ["transcription.apiKey", "transcription.environment.*", "images.describe.apiKey"];

/** A service or a program, and nothing that would mean nothing to the one that is there. */
function checkTranscription(given: z.output<z.ZodObject<Record<string, z.ZodUnknown>>>, context: z.RefinementCtx): void {
  const complain = (key: string, message: string): void => context.addIssue({ code: "custom", path: [key], message });
  const { baseUrl: address, command } = given;
  if ((address === undefined) === (command === undefined)) {
    context.addIssue({ code: "custom", message: "Expected either `baseUrl` and `model` of a service, or a `command`" });
    return;
  }
  if (address !== undefined && given["model"] === undefined) complain("model", "Expected the model's name, such as whisper-1");
  const strange = address === undefined ? ["apiKey", "model", "language"] : ["environment"];
  for (const key of strange.filter((name) => given[name] !== undefined))
    complain(key, `Expected it only with \`${address === undefined ? "baseUrl" : "command"}\``);
}

function isBaseUrl(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
