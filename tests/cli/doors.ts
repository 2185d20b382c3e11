import type { Exported, ExportedResource } from "./state";

/** The doors that a stack's resources can have. In a mixed stack, every second resource has the other door. */
export const stackDoors = ["dynamic", "plugin", "mixed"] as const;
export type StackDoor = (typeof stackDoors)[number];

/** A text with types, URNs and settings of dynamic resources, as it is with the provider plugin. */
export const throughPlugin = (text: string): string =>
  text
    .replaceAll("pulumi-nodejs:dynamic/dt:", "disruptive:index:")
    .replaceAll("pulumi:providers:pulumi-nodejs", "pulumi:providers:disruptive");

const moved = <T>(value: T): T => JSON.parse(throughPlugin(JSON.stringify(value))) as T;

/** The state of a stack of dynamic resources, as it is when some of them are the plugin's. */
export function withDoor(state: Exported, door: StackDoor): Exported {
  const isMoved = (index: number): boolean => door === "plugin" || (door === "mixed" && index % 2 === 0);
  const [root, ...resources] = state.deployment.resources as [ExportedResource, ...ExportedResource[]];
  const urn = `${root.urn.split("::").slice(0, 2).join("::")}::pulumi:providers:disruptive::default_0_1_0`;
  const provider = {
    urn,
    custom: true,
    id: "u",
    type: "pulumi:providers:disruptive",
    inputs: { keyId: "k" },
  };
  const through = resources.map((resource, index) =>
    isMoved(index) ? { provider: `${urn}::u`, ...withoutDynamic(moved(resource)) } : resource,
  );
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: [root, ...(door === "dynamic" ? [] : [provider]), ...through],
    },
  };
}

/** The plugin has no `__provider`. */
function withoutDynamic(resource: ExportedResource): ExportedResource {
  const outputs = Object.entries(resource.outputs ?? {}).filter(([name]) => name !== "__provider");
  return { ...resource, outputs: Object.fromEntries(outputs) };
}

/** Any value as it is with dynamic resources, so that it can be compared. */
export const asDynamic = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll("disruptive:index:", "pulumi-nodejs:dynamic/dt:")
      .replaceAll("pulumi:providers:disruptive", "pulumi:providers:pulumi-nodejs"),
  ) as T;
