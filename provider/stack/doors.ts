import { nameIn, typesIn } from "./urns.js";

/**
 * The two ways in which a program declares a resource of this package: as a dynamic resource, or through the provider
 * plugin. Both have the same kinds of resources, and the same state of each. This is the only place that knows how
 * their types and settings differ.
 */
export interface Door {
  /** What a resource of this door is called in messages. */
  readonly resource: string;
  /** The types of resources begin with this. The rest is the kind. */
  readonly types: string;
  /** The type of the provider. */
  readonly provider: string;
  /** The names of settings begin with this in the inputs of a provider. */
  readonly inputs: string;
  /** The names of settings begin with this in the stack configuration. */
  readonly config: string;
  /** The npm package that a program imports. */
  readonly npmPackage: string;
}

const dynamic: Door = {
  resource: "a dynamic resource",
  types: "pulumi-nodejs:dynamic/dt:",
  provider: "pulumi:providers:pulumi-nodejs",
  inputs: "dt:",
  config: "dt:",
  npmPackage: "pulumi-dt",
};

/** The name of the plugin's package, and the namespace of its configuration. */
export const packageName = "disruptive";

const plugin: Door = {
  resource: "a resource of the plugin",
  types: `${packageName}:index:`,
  provider: `pulumi:providers:${packageName}`,
  inputs: "",
  // The engine gives a plugin only its own part, so a stack that moves must copy what it has under `dt:`.
  config: `${packageName}:`,
  npmPackage: "pulumi-disruptive",
};

/** Both doors. Types of the package `dt`, such as `dt:index/projectMember:ProjectMember`, belong to another provider. */
export const doors = { dynamic, plugin } as const;

/** Everything in the plugin's package is ours, so a type that a later version adds is unknown but not ignored. */
const pluginPackage = `${packageName}:`;

/** The door of a resource type. Undefined for a type of another package. */
export function doorOf(type: string): Door | undefined {
  if (type.startsWith(dynamic.types)) return dynamic;
  return type.startsWith(pluginPackage) ? plugin : undefined;
}

/** Whether a resource type belongs to this package. */
export const isOurs = (type: string): boolean => doorOf(type) !== undefined;

/**
 * The kind of a resource of this package, such as `ServiceAccount`. It is the same for both doors.
 *
 * @param type one of this package's types
 */
export function kindOfType(type: string): string {
  const prefix = [dynamic.types, plugin.types].find((each) => type.startsWith(each)) ?? pluginPackage;
  return type.slice(prefix.length);
}

/**
 * The text in every state of a dynamic resource. It tells Pulumi's dynamic-provider process which code to run. It must
 * never change. The plugin records it, too: a refresh or a deletion of a resource that has moved to the dynamic
 * resources needs it, and a move by alias keeps the outputs.
 */
export const handlerText = (kind: string): string =>
  `exports.handler = () => require("pulumi-dt/provider").${kind.replace(/^./, (letter) => letter.toLowerCase())};`;

/** The type of a resource, without the types of the components around it. */
export const typeInUrn = (urn: string): string => typesIn(urn).split("$").at(-1) ?? "";

/**
 * One key for a resource in both ways of declaring it: a stack may move from the dynamic resources to the plugin, which
 * changes only the types in the URN.
 */
export function resourceKey(urn: string): string {
  const [scheme, project, types = "", ...rest] = urn.split("::");
  return [scheme, project, types.replaceAll(plugin.types, dynamic.types), ...rest].join("::");
}

/** The kind of a resource by its URN. Undefined for a resource of another package. */
export function kindInUrn(urn: string): string | undefined {
  const type = typeInUrn(urn);
  return isOurs(type) ? kindOfType(type) : undefined;
}

/** The types of components of this package begin with this. They create dynamic resources. */
const components = "dt:index:";

/** Whether a type is one of this package's components. */
export const isOurComponent = (type: string): boolean => type.startsWith(components);

/** The door of a provider, by its type. Undefined for a provider of another package. */
export const doorOfProvider = (type: string): Door | undefined =>
  [dynamic, plugin].find(({ provider }) => provider === type);

/**
 * The input of a provider that has this setting. In the plugin's default provider it has the value of the stack
 * configuration. The default provider of dynamic resources has no such inputs.
 */
export const settingInput = (providerType: string, name: string): string =>
  `${doorOfProvider(providerType)?.inputs ?? ""}${name}`;

/** A setting of the login in the stack configuration, as one of the doors reads it. */
export const loginSettingIn = (
  config: Readonly<Record<string, unknown>>,
  door: Door,
  name: "keyId" | "email" | "auth",
): unknown => config[`${door.config}${name}`];

/** The names that Pulumi gives to default providers: `default`, then the plugin's version, then its download URL. */
const defaultName = /^default(_\d+_\d+_\d+(_.*)?|_.*[./].*)?$/;

/** Whether Pulumi gives this name to a provider that it creates itself, from the stack configuration. */
export const isDefaultName = (name: string): boolean => defaultName.test(name);

/** Whether a URN belongs to a provider that Pulumi creates itself, from the stack configuration. */
export const isDefaultProvider = (urn: string): boolean =>
  doorOfProvider(typeInUrn(urn)) !== undefined && isDefaultName(nameIn(urn));

/** Whether a URN belongs to a provider that the program declares. */
export const isExplicitProvider = (urn: string): boolean =>
  doorOfProvider(typeInUrn(urn)) !== undefined && !isDefaultName(nameIn(urn));
