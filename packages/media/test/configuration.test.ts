import { describe, expect, it } from "vitest";
import { mediaConfigurationJsonSchema, mediaConfigurationSchema, mediaSecrets } from "../src/configuration.ts";

const service = { baseUrl: "https://api.openai.com/v1/", apiKey: "sk-x", model: "whisper-1" };

function complaints(configuration: unknown): readonly string[] {
  const read = mediaConfigurationSchema.safeParse(configuration);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("The configuration", () => {
  it("may be empty, and takes the forms that its documentation has", () => {
    for (const configuration of [
      {},
      { transcription: service, images: "pass" },
      { transcription: { command: ["whisper", "{file}"], environment: { EMPTY: "" }, timeoutSeconds: 30 } },
      { images: { describe: service }, documents: { read: false }, maxAttachments: 3 },
      { documents: { maxBytes: 1000, maxTotalBytes: 2000 } },
    ])
      expect(complaints(configuration)).toEqual([]);
    expect(mediaConfigurationSchema.parse({ transcription: service }).transcription?.baseUrl).toBe("https://api.openai.com/v1");
  });

  it.each([
    [{ transcription: {} }, "transcription: Expected either `baseUrl` and `model` of a service, or a `command`"],
    [{ transcription: { ...service, command: ["x", "{file}"] } }, "transcription: Expected either"],
    [{ transcription: { baseUrl: service.baseUrl } }, "transcription.model: Expected the model's name"],
    [{ transcription: { command: ["x", "{file}"], apiKey: "k" } }, "transcription.apiKey: Expected it only with `baseUrl`"],
    [{ transcription: { ...service, environment: { A: "b" } } }, "transcription.environment: Expected it only with `command`"],
    [{ transcription: { command: ["whisper"] } }, "transcription.command: Expected `{file}` in one of the arguments"],
    [
      { transcription: { ...service, baseUrl: "https://a:b@c.org" } },
      "transcription.baseUrl: Expected an address that begins with",
    ],
    [{ transcription: { ...service, apiKey: "two words" } }, "transcription.apiKey: Expected a key without spaces"],
    [{ images: { describe: { baseUrl: service.baseUrl } } }, "images.describe.model: "],
    [{ images: "see" }, "images: "],
    [{ documents: { maxBytes: 0 } }, "documents.maxBytes: "],
    [{ speech: {} }, ': Unrecognized key: "speech"'],
  ])("%j is refused where it is wrong", (configuration, complaint) => {
    expect(complaints(configuration).join("\n")).toContain(complaint);
    expect(complaints(configuration)).toHaveLength(1);
  });

  it("has a schema that knows its keys, and secrets that are among them", () => {
    const schema = JSON.stringify(mediaConfigurationJsonSchema);
    for (const secret of mediaSecrets)
      for (const part of secret.split(".").filter((name) => name !== "*")) expect(schema).toContain(`"${part}"`);
  });
});
