import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { resources } from "../../provider/resources/all";

/** The two ways in which a program declares resources of this provider. */
export interface Door {
  /** The namespace of the stack's configuration. */
  readonly namespace: string;
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

const dynamic: Door = {
  namespace: "dt",
  typeOf: (kind) => `pulumi-nodejs:dynamic/dt:${kind}`,
  declare: (kind, name, args, opts) => new dt[kind](name, args as never, opts) as unknown as Declared,
  provider: (name, args) => new dt.Provider(name, args as never),
};

/** The plugin, as an SDK that Pulumi generates declares it. */
const plugin: Door = {
  namespace: "disruptive",
  typeOf: (kind) => `disruptive:index:${kind}`,
  declare(kind, name, args, opts) {
    const { check, outputs } = resources[kind];
    const names = [...Object.keys(check), ...Object.keys(outputs)];
    const unset = Object.fromEntries(names.map((each) => [each, undefined]));
    return new PluginResource(plugin.typeOf(kind), name, { ...unset, ...args }, opts) as Declared;
  },
  provider: (name, args) => new PluginProvider("disruptive", name, { ...args }),
};

class PluginResource extends pulumi.CustomResource {}
class PluginProvider extends pulumi.ProviderResource {}

export const doors = [
  ["dynamic resources", dynamic],
  ["the plugin", plugin],
] as const;
