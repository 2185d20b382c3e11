import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../../sdk";
import { resources } from "../../../provider/resources/all";

/** One of the two ways in which a program declares resources of this provider. */
export interface Door {
  /** The namespace of the stack's configuration. */
  readonly namespace: "dt" | "disruptive";
  /** JavaScript that defines `declare(kind, name, args, opts)`. */
  readonly script: string;
  /** The type of a kind of resource in the state. */
  typeOf(kind: Kind): string;
  declare(
    kind: Kind,
    name: string,
    args: Readonly<Record<string, unknown>>,
    opts?: pulumi.CustomResourceOptions,
  ): Declared;
  provider(name: string, args: Readonly<Record<string, pulumi.Input<string>>>): pulumi.ProviderResource;
}

export type Kind = keyof typeof resources;
/** A resource, with its outputs by name. */
export type Declared = pulumi.CustomResource & Readonly<Record<string, pulumi.Output<string>>>;

export const dynamic: Door = {
  namespace: "dt",
  script: `
const dt = require("pulumi-dt");
const declare = (kind, name, args, opts) => new dt[kind](name, args, opts);
`,
  typeOf: (kind) => `pulumi-nodejs:dynamic/dt:${kind}`,
  declare: (kind, name, args, opts) => new dt[kind](name, args as never, opts) as unknown as Declared,
  provider: (name, args) => new dt.Provider(name, args as never),
};

/** The plugin, as an SDK that Pulumi generates declares it. */
export const plugin: Door = {
  namespace: "disruptive",
  script: `
const { CustomResource } = require("@pulumi/pulumi");
class Resource extends CustomResource {}
const outputs = ${JSON.stringify(Object.fromEntries(Object.keys(resources).map((kind) => [kind, propertiesOf(kind as Kind)])))};
const unset = (kind) => Object.fromEntries(outputs[kind].map((name) => [name, undefined]));
const declare = (kind, name, args, opts) =>
  new Resource(\`disruptive:index:\${kind}\`, name, { ...unset(kind), ...args }, opts);
`,
  typeOf: (kind) => `disruptive:index:${kind}`,
  declare(kind, name, args, opts) {
    const unset = Object.fromEntries(propertiesOf(kind).map((each) => [each, undefined]));
    return new PluginResource(plugin.typeOf(kind), name, { ...unset, ...args }, opts) as Declared;
  },
  provider: (name, args) => new PluginProvider("disruptive", name, { ...args }),
};

/** An SDK names every property, so that a program can use the outputs. */
function propertiesOf(kind: Kind): string[] {
  const { check, outputs } = resources[kind];
  return [...new Set([...Object.keys(check), ...Object.keys(outputs)])];
}

class PluginResource extends pulumi.CustomResource {}
class PluginProvider extends pulumi.ProviderResource {}

/** Both doors, as a table for `describe.each`. */
export const doors = [
  ["dynamic resources", dynamic],
  ["the plugin's resources", plugin],
] as const;
