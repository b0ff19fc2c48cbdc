/** The one model there is, as `GET /v1/models/{id}` shows it. */
export function encodeModel(name: string) {
  // Since when there is an agent behind it nobody knows.
  return { id: name, object: "model", created: 0, owned_by: "hermes" };
}
