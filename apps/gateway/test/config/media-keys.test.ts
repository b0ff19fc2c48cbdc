import { describe, expect, it } from "vitest";
import { explain } from "../../src/cli/config-explain.ts";
import { layerConfiguration } from "../../src/config/configuration.ts";
import { createFindManifest } from "../../src/platforms/find-manifest.ts";
import { temporaryHome } from "../temporary-home.ts";
import { kinds, load, loadFailure, warningsOf } from "./load.ts";

const section =
  "media: { transcription: { base_url: 'https://speech.example.org/v1', apiKey: '${SPEECH_KEY}', model: whisper-1 } }";

describe("The section `media`", () => {
  it("is read with the variables that it names, in either spelling, and its key stays hidden", async () => {
    const files = { "config.yaml": section, ".env": "SPEECH_KEY=sk-of-the-speech-service\n" };
    const { media, secrets, warnings } = await load(files);
    expect(media).toEqual({
      transcription: { baseUrl: "https://speech.example.org/v1", apiKey: "sk-of-the-speech-service", model: "whisper-1" },
    });
    expect(secrets).toContain("sk-of-the-speech-service");
    expect(warnings).toEqual([]);
    const home = await temporaryHome(files);
    const findManifest = (directory: string) => createFindManifest(kinds, directory);
    const layered = await layerConfiguration({ environment: { HERMES_HOME: home }, findManifest, officialKinds: [] });
    expect(explain(layered, "media")).toContain("media.transcription.apiKey = (hidden)");
  });

  it("may be left out, or be empty", async () => {
    expect((await load({})).media).toEqual({});
    expect((await load({ "config.yaml": "media:\n" })).media).toEqual({});
    expect((await load({ "config.yaml": "media: { images: pass, documents: { read: false } }" })).media).toEqual({
      images: {},
      documents: { read: false },
    });
  });

  it("warns of keys that nobody knows and leaves them out", async () => {
    const configuration = await load({ "config.yaml": "media: { documents: { maxBites: 5 }, speech: 1 }" });
    expect(configuration.media).toEqual({});
    expect(warningsOf(configuration).join("\n")).toMatch(
      /media\.documents\.maxBites: this key means nothing[^]*media\.speech: /u,
    );
  });

  it.each([
    ["media: 5", "media: expected a section of keys, got 5 (config.yaml:1:1)"],
    [
      "media: { transcription: { model: x } }",
      "media.transcription: expected either `baseUrl` and `model` of a service, or a `command`",
    ],
    [
      "media: { documents: { maxBytes: none } }",
      'media.documents.maxBytes: invalid input: expected number, received string, got "none"',
    ],
    [
      "media: { transcription: { command: [whisper] } }",
      "media.transcription.command: expected `{file}` in one of the arguments",
    ],
    [section, "SPEECH_KEY"],
    [
      section.replace("${SPEECH_KEY}", "not a key"),
      "media.transcription.apiKey: expected a key without spaces, got (hidden) (config.yaml:1:",
    ],
  ])("keeps the gateway from starting where it is wrong: %s", async (yaml, message) => {
    expect(await loadFailure({ "config.yaml": yaml })).toContain(message);
  });
});
