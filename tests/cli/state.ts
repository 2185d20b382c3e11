import type { Made, Stack } from "../provider/stack";

/** Pulumi's form of a secret in a state, with an invalid ciphertext. */
export const encrypted = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:x",
};

export interface ExportedResource {
  urn: string;
  custom: boolean;
  id?: string;
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [more: string]: unknown;
}

export interface Exported {
  version: number;
  deployment: { manifest: object; resources: ExportedResource[] };
}

/** The output of `pulumi stack export` for a stack. */
export function exported({ made }: Stack, name = "test"): Exported {
  const urn = (type: string, resource: string): string => `urn:pulumi:${name}::access::${type}::${resource}`;
  const resources = Object.entries(made).map(([resource, { type, id, inputs, outs }]: [string, Made]) => {
    const token = `pulumi-nodejs:dynamic/dt:${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;
    return {
      urn: urn(token, resource),
      custom: true,
      id,
      type: token,
      inputs,
      outputs: { ...outs, ...(outs.secret === undefined ? {} : { secret: encrypted }) },
      parent: urn("pulumi:pulumi:Stack", `access-${name}`),
    };
  });
  const root = {
    urn: urn("pulumi:pulumi:Stack", `access-${name}`),
    custom: false,
    type: "pulumi:pulumi:Stack",
  };
  return { version: 3, deployment: { manifest: {}, resources: [root, ...resources] } };
}
