import { createMemoryStore } from "@hermes/runtime";
import { describeStore } from "@hermes/runtime/testing";

describeStore(
  "The in-memory store",
  async () => {
    const store = createMemoryStore();
    return { store, dispose: () => store.close() };
  },
  { takeOver: "its data live in the one handle, and go with it" },
);
