import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

/** A resource as a policy sees it. */
export const resource = (
  type: string,
  name: string,
  props: object,
  propertyDependencies: Record<string, PolicyResource[]> = {},
): PolicyResource => ({ type, name, urn: `urn::${name}`, props, propertyDependencies }) as PolicyResource;
/** A policy's result for a whole stack. */
export async function judged(
  policy: StackValidationPolicy,
  ...resources: PolicyResource[]
): Promise<string[]> {
  const said: string[] = [];
  const args = { resources, stackTags: new Map(), getConfig: () => ({}), notApplicable: () => undefined };
  await policy.validateStack(args as unknown as Parameters<typeof policy.validateStack>[0], (message) => {
    said.push(message);
  });
  return said;
}

/** A policy's result for each resource. */
export async function judgedSingly(
  policy: ResourceValidationPolicy,
  ...resources: PolicyResource[]
): Promise<string[]> {
  const said: string[] = [];
  for (const each of resources) {
    const args = { ...each, getConfig: () => ({}), notApplicable: () => undefined };
    const validate = policy.validateResource as (args: object, report: (message: string) => void) => unknown;
    await validate(args, (message) => said.push(message));
  }
  return said;
}
