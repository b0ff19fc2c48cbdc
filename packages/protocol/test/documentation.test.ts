import { expect, it } from "vitest";
import { documentation } from "./documentation.ts";

it("docs/protocol.md is what the table says", async () => {
  await expect(documentation()).toMatchFileSnapshot("../../../docs/protocol.md");
});
