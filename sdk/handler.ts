import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { askedAsInput } from "./askedAs.js";
import type * as provider from "../provider/index.js";

/**
 * What a resource is registered with beside its arguments. Names starting with two underscores are not shown to users.
 * `__urn` tells the provider which resource of which stack it works for, so that an interrupted creation is found again.
 * `__organization` tells it in which organization of Pulumi Cloud: each may have a stack of the same name.
 */
export function hiddenInputs(
  handler: keyof typeof provider,
  type: string,
  name: string,
  opts: pulumi.CustomResourceOptions = {},
): {
  __provider: string;
  __urn: string | Promise<string>;
  __askedAs?: Promise<string | undefined>;
  __organization?: string;
} {
  const urn =
    opts.parent === undefined
      ? // At once: whatever is a promise costs a program of thousands as much as a further input.
        `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`
      : // A promise, not an output: that would make the resource depend on its parent's other children.
        new Promise<string>((resolve) => pulumi.createUrn(name, type, opts.parent).apply(resolve));
  return { __provider: providerText(handler), __urn: urn, ...askedAsInput(), ...organizationOf() };
}

/** Backends without organizations call theirs "organization". */
function organizationOf(): { __organization?: string } {
  try {
    const name = pulumi.getOrganization();
    return name === "organization" ? {} : { __organization: name };
  } catch {
    return {}; // a unit test with mocks need not name any
  }
}

/**
 * The input that tells Pulumi's dynamic-provider process what to run. It is kept in every state, so each text is frozen for ever.
 * Written by hand, since Pulumi's serializer would copy code into the user's state.
 */
function providerText(handler: keyof typeof provider): string {
  assertResolvable();
  return `exports.handler = () => require("pulumi-dt/provider").${handler};`;
}

let isResolvable = false;

/** The process that runs the provider starts in the program's folder and resolves the package from there. */
function assertResolvable(): void {
  if (isResolvable) return;
  const folder = process.cwd();
  try {
    createRequire(join(folder, "index.js")).resolve("pulumi-dt/provider");
    isResolvable = true;
  } catch {
    throw new pulumi.RunError(
      `pulumi-dt/provider can't be resolved from ${folder}: make pulumi-dt a direct dependency of this program (npm install pulumi-dt)`,
    );
  }
}
