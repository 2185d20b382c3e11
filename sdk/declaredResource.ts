import * as pulumi from "@pulumi/pulumi";
import type * as provider from "../provider/index.js";
import { declare, type Declared } from "./declaredOnce.js";
import { hiddenInputs } from "./handler.js";

/** What the resources have in common: a provider that is found by a constant text, and registration that costs a large program little. */
export abstract class DeclaredResource extends pulumi.CustomResource {
  /**
   * @param handler what the provider's module calls it
   * @param props arguments, and each output as undefined
   * @param declares the existing or wanted thing that this resource is to hold, where the arguments tell
   * @throws RunError where another resource of the program declares the same thing
   */
  constructor(
    handler: keyof typeof provider,
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
    declares?: Declared,
  ) {
    const hidden = hiddenInputs(handler, type, name, opts);
    if (declares !== undefined && opts?.id === undefined)
      declare({ type, name, opts }, hidden.__urn, declares);
    // Pulumi takes four stack traces for each property, to tell where a promise was left behind: a third of a large program's time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, { ...props, ...hidden }, opts);
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}
