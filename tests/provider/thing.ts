import { adapt } from "../../provider/dynamic/adapter";
import { flag, optionalText } from "../../provider/contract/inputs";
import { InvalidInput, type Resource } from "../../provider/contract/resource";
import type { Handler } from "./stack";
import type { World } from "./world";

interface Inputs {
  readonly label: string;
  readonly place: string;
  readonly note?: string | undefined;
  readonly isOpen: boolean;
}
interface Outputs {
  readonly serial: string;
  readonly extra?: unknown;
}

const text = (value: unknown): string => {
  if (typeof value !== "string") throw new InvalidInput("must be a string");
  return value.trim();
};

/** A resource that stores nothing. A test may replace each of its operations. */
export const thing: Resource<Inputs, Outputs> = {
  check: { label: text, place: text, note: optionalText, isOpen: flag },
  onChange: { label: "update", place: "replace", note: "ignore", isOpen: "update" },
  computed: "serial",
  outputs: { serial: "plain" },
  moves: () => [],
  resolveId: (id) => id,
  create: () => Promise.resolve({ id: "thing-1", outputs: { serial: "s1" } }),
  read: (_id, state) => Promise.resolve({ actual: { label: "as it is" }, outputs: { serial: state.serial } }),
  update: (_id, state) => Promise.resolve({ serial: state.serial }),
  delete: () => Promise.resolve(),
};

/** The resource behind the adapter, with some operations replaced, configured for a world or with other settings. */
export function handlerOf(
  world: World,
  parts: Partial<typeof thing> = {},
  settings: Readonly<Record<string, string>> = world.settingsOf(),
): Handler {
  const handler = adapt({ ...thing, ...parts }, []) as unknown as Handler;
  void handler.configure({ config: { get: (key) => settings[key] } });
  return handler;
}

/** The properties that Pulumi and the SDK add. */
export const hiddenInputs = { __provider: "exports.handler = …", __urn: "urn:pulumi:s::p::t::n" };
export const inputs = { label: "a", place: "here", isOpen: true, ...hiddenInputs };
/** The recorded outputs. */
export const outsIn = (world: World) => ({ ...inputs, serial: "s1", apiUrl: world.url });
