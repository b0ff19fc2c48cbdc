import { existsSync, readFileSync } from "node:fs";
import { Ajv, type AnySchema, type ValidateFunction } from "ajv";

interface Field {
  readonly name: string;
  readonly types: readonly string[];
  readonly required: boolean;
}
interface Definition {
  readonly fields?: readonly Field[];
  readonly subtypes?: readonly string[];
  readonly returns?: readonly string[];
}
interface Specification {
  readonly methods: Readonly<Record<string, Definition>>;
  readonly types: Readonly<Record<string, Definition>>;
}

/** Checks what is asked and what is answered against a machine-readable description of the Bot API. */
export interface SpecificationCheck {
  /** What is wrong with the parameters of a call, or undefined. */
  parameters(method: string, payload: unknown): string | undefined;
  /** What is wrong with a value of one of the API's types, or undefined. */
  value(type: string, value: unknown): string | undefined;
  /** What a method returns. */
  returns(method: string): readonly string[];
}

const location = new URL("../../../../../shared/specs/telegram-bot-api-10.1.json", import.meta.url);

const optional = (name: string, type: string): Field => ({ name, types: [type], required: false });
const stopping = [optional("can_stop", "Boolean"), optional("keep_on_stop", "Boolean")];

/** Newer than the description (Bot API 10.2 and 10.3); all of it is in the installed types. */
const additions: Readonly<Record<string, readonly Field[]>> = {
  User: [optional("supports_join_request_queries", "Boolean")],
  Update: [optional("stopped_message_generation", "MessageGenerationStopped")],
  sendMessageDraft: stopping,
  sendRichMessageDraft: stopping,
};
const newTypes: Readonly<Record<string, Definition>> = {
  MessageGenerationStopped: {
    fields: [
      { name: "chat", types: ["Chat"], required: true },
      optional("message_thread_id", "Integer"),
      { name: "draft_id", types: ["Integer"], required: true },
    ],
  },
};

let loaded: SpecificationCheck | undefined;

/** The check, or undefined where the description is not at hand: it lies beside the repository, never in it. Read once. */
export function loadSpecification(): SpecificationCheck | undefined {
  if (loaded === undefined && existsSync(location)) loaded = readSpecification();
  return loaded;
}

function readSpecification(): SpecificationCheck {
  const specification = JSON.parse(readFileSync(location, "utf8")) as Specification;
  const ajv = new Ajv({ strict: false, allErrors: false });
  const definitions: Record<string, AnySchema> = {};
  for (const [name, definition] of Object.entries({ ...specification.types, ...newTypes }))
    definitions[name] = typeSchema(name, definition);
  ajv.addSchema({ $id: "api", definitions });
  const methods = new Map(
    Object.entries(specification.methods).map(([name, method]) => [
      name.toLowerCase(),
      { ...method, fields: [...(method.fields ?? []), ...(additions[name] ?? [])] },
    ]),
  );
  const compiled = new Map<string, ValidateFunction>();
  const check = (key: string, schema: () => AnySchema, value: unknown): string | undefined => {
    const validate = compiled.get(key) ?? ajv.compile(schema());
    compiled.set(key, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };
  return {
    parameters(method, payload) {
      const definition = methods.get(method.toLowerCase());
      if (definition === undefined) return `there is no method ${method}`;
      return check(`method ${method.toLowerCase()}`, () => objectSchema(definition.fields ?? []), payload);
    },
    value: (type, value) => check(`type ${type}`, () => schemaFor(type), value),
    returns: (method) => methods.get(method.toLowerCase())?.returns ?? [],
  };
}

function typeSchema(name: string, definition: Definition): AnySchema {
  if (definition.subtypes !== undefined && definition.subtypes.length > 0) return { anyOf: definition.subtypes.map(schemaFor) };
  return objectSchema([...(definition.fields ?? []), ...(additions[name] ?? [])]);
}

function objectSchema(fields: readonly Field[]): AnySchema {
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, { anyOf: field.types.map(schemaFor) }])),
    required: fields.filter((field) => field.required).map((field) => field.name),
    additionalProperties: false,
  };
}

function schemaFor(type: string): AnySchema {
  if (type.startsWith("Array of ")) return { type: "array", items: schemaFor(type.slice("Array of ".length)) };
  switch (type) {
    case "Integer":
      return { type: "integer" };
    case "Float":
      return { type: "number" };
    case "String":
      return { type: "string" };
    case "Boolean":
      return { type: "boolean" };
    default:
      return { $ref: `api#/definitions/${type}` };
  }
}
