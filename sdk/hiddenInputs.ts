import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { askedAsInput } from "./askedAs.js";
import type * as provider from "../provider/index.js";
import { runError } from "./runError.js";

/**
 * The inputs of a resource besides its arguments. Pulumi doesn't show names that start with two underscores to users.
 * - `__urn` identifies the stack and the resource, so the provider can find an interrupted creation again.
 * - `__organization` is the organization in Pulumi Cloud. Stacks of different organizations can have the same name.
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
      ? // A string, because in a program with thousands of resources each promise costs as much as another input.
        `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`
      : // A promise, because an output would make the resource depend on its parent's other children.
        new Promise<string>((resolve) => pulumi.createUrn(name, type, opts.parent).apply(resolve));
  return { __provider: providerText(handler), __urn: urn, ...askedAsInput(), ...organizationOf() };
}

/** Backends without organizations use the name "organization". */
function organizationOf(): { __organization?: string } {
  try {
    const name = pulumi.getOrganization();
    return name === "organization" ? {} : { __organization: name };
  } catch {
    return {}; // A unit test with mocks may not set an organization.
  }
}

/**
 * The input that tells Pulumi's dynamic-provider process which code to run. Every user's state contains these texts, so
 * they must never change. They are written by hand because Pulumi's serializer would copy the provider's code into the
 * state.
 */
function providerText(handler: keyof typeof provider): string {
  assertResolvable();
  return `exports.handler = () => require("pulumi-dt/provider").${handler};`;
}

let isResolvable = false;

/** Pulumi starts the provider's process in the program's folder. The process resolves the package from there. */
function assertResolvable(): void {
  if (isResolvable) return;
  const folder = process.cwd();
  try {
    createRequire(join(folder, "index.js")).resolve("pulumi-dt/provider");
    isResolvable = true;
  } catch {
    throw runError(
      `pulumi-dt/provider can't be resolved from ${folder}: make pulumi-dt a direct dependency of this program (npm install pulumi-dt)`,
    );
  }
}
